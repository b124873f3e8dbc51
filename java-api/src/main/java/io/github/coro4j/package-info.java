/**
 * Starts, watches, stops and collects work: {@link io.github.coro4j.Task}, {@link io.github.coro4j.Future},
 * {@link io.github.coro4j.Promise} and {@link io.github.coro4j.Gather} for Java, in a
 * {@link io.github.coro4j.TaskScope}.
 *
 * <p>This package is the contract. The artifact {@code io.github.coro4j:coro4j} implements it: add that artifact. Terms in italics, such as <em>owner</em> and <em>permit</em>, are defined in
 * docs/glossary.md.
 *
 * <p><b>Null.</b> An argument may be null only if its description says so or its type is marked
 * {@link org.jspecify.annotations.Nullable}. Any other null argument throws a {@link NullPointerException} at once,
 * before anything starts. Its message names the parameter, and the index or the key of an element. A result may be
 * null.
 */
@NullMarked
package io.github.coro4j;

import org.jspecify.annotations.NullMarked;
