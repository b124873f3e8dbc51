/**
 * What other libraries call a future, to and from {@link io.github.coro4j.Future}: {@link GuavaFutures}, {@link
 * ReactorMonos}. Each class needs the library that its signatures name on your class path; this artifact brings none of
 * them along.
 *
 * <p>And propagators of what other libraries keep on a thread, found as services: {@link MdcPropagator}, {@link
 * OpenTelemetryPropagator}, {@link MicrometerPropagator}. They are left out where their library is not there.
 */
@NullMarked
package io.github.coro4j.bridges;

import org.jspecify.annotations.NullMarked;
