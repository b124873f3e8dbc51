/** The interface between the contract and its implementation. It is not for users, and may change at any time. */
@NullMarked
package io.github.coro4j.spi;

import org.jspecify.annotations.NullMarked;
