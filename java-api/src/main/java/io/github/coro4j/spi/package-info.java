/** The one door between the contract and its implementation. Not for users, and not stable. */
@NullMarked
package io.github.coro4j.spi;

import org.jspecify.annotations.NullMarked;
