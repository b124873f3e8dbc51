/**
 * Shows what runs in scopes to other programs: {@link JmxScopes} for JMX, {@link MicrometerTaskListener} for metrics. A
 * null argument throws a {@link NullPointerException} that names the parameter.
 */
@NullMarked
package io.github.coro4j.observe;

import org.jspecify.annotations.NullMarked;
