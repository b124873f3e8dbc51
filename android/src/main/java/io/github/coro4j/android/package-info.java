/**
 * Coro4j on Android: the main thread, lifecycles, view models and workers. {@link
 * io.github.coro4j.android.LifecycleScopes} is where to start. A null argument throws a {@link NullPointerException} that
 * names the parameter. Each class needs only the libraries of androidx that its methods name.
 */
@NullMarked
package io.github.coro4j.android;

import org.jspecify.annotations.NullMarked;
