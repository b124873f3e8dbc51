/** Ways to look into scopes from outside: {@link JmxScopes} for JMX, {@link MicrometerTaskListener} for metrics. */
@NullMarked
package io.github.coro4j.observe;

import org.jspecify.annotations.NullMarked;
