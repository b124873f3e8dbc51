/**
 * Coro4j in a Spring Boot application: a {@link io.github.coro4j.TaskScope} as a bean, and what controllers and
 * {@code @Async} methods do with its tasks.
 */
@NullMarked
package io.github.coro4j.spring;

import org.jspecify.annotations.NullMarked;
