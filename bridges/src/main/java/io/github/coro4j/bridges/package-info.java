/**
 * Converts futures of other libraries to and from {@link io.github.coro4j.Future}: {@link GuavaFutures},
 * {@link ReactorMonos}. Each class needs the library that its signatures name on your class path, because this artifact
 * brings none of them along. A null argument throws a {@link NullPointerException} that names the parameter.
 *
 * <p>The package also propagates what other libraries keep on a thread: {@link MdcPropagator},
 * {@link OpenTelemetryPropagator}, {@link MicrometerPropagator}. {@link java.util.ServiceLoader} finds these
 * propagators, and they are left out if their library is absent.
 */
@NullMarked
package io.github.coro4j.bridges;

import org.jspecify.annotations.NullMarked;
