/**
 * What Android applications use together with {@link io.github.coro4j.Future}: {@link MainThread}. A null argument
 * throws a {@link NullPointerException} that names the parameter.
 */
@NullMarked
package io.github.coro4j.android;

import org.jspecify.annotations.NullMarked;
