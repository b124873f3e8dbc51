package io.github.coro4j.interop.testing;

/** Names of threads, in the debug mode and without it. */
public final class ThreadNames {
    private ThreadNames() {}

    /** Returns the name of this thread without the name of the task that the debug mode adds. */
    public static String withoutTask() {
        return Thread.currentThread().getName().replaceFirst(" ?@.*$", "");
    }
}
