/**
 * Start work, watch it, stop it, collect it: {@link io.github.coro4j.Task}, {@link io.github.coro4j.Future}, {@link
 * io.github.coro4j.Promise} and {@link io.github.coro4j.Gather} for Java, in a {@link io.github.coro4j.TaskScope}.
 *
 * <p>This package holds the contract. The work is done by an implementation found with {@link java.util.ServiceLoader};
 * add the artifact {@code io.github.coro4j:coro4j}.
 */
@NullMarked
package io.github.coro4j;

import org.jspecify.annotations.NullMarked;
