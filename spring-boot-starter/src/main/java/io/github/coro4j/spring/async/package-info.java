/** Tasks as results of {@code @Async} methods. */
@NullMarked
package io.github.coro4j.spring.async;

import org.jspecify.annotations.NullMarked;
