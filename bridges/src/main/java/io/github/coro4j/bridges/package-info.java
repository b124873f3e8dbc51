/**
 * What other libraries call a future, to and from {@link io.github.coro4j.Future}: {@link
 * io.github.coro4j.bridges.GuavaFutures} and {@link io.github.coro4j.bridges.ReactorMonos}. Each class needs the library
 * that its signatures name on your class path; this artifact brings none of them along.
 */
@NullMarked
package io.github.coro4j.bridges;

import org.jspecify.annotations.NullMarked;
