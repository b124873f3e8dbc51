/** The actuator endpoint with the dump, and the meters. */
@NullMarked
package io.github.coro4j.spring.actuate;

import org.jspecify.annotations.NullMarked;
