package io.github.coro4j.stress;

import kotlin.Unit;
import kotlin.concurrent.ThreadsKt;

/** The other thread of a search. */
final class Other {
    private final Thread thread;

    /** Made by Kotlin's function: Lincheck sees the threads of that one on every JDK. */
    private Other(Runnable work) {
        thread =
                ThreadsKt.thread(
                        true,
                        false,
                        null,
                        null,
                        -1,
                        () -> {
                            work.run();
                            return Unit.INSTANCE;
                        });
    }

    static Other runs(Runnable work) {
        return new Other(work);
    }

    void join() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
