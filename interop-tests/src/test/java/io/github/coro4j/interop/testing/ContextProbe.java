package io.github.coro4j.interop.testing;

import io.github.coro4j.Promise;
import io.github.coro4j.TaskScope;
import java.util.ArrayList;
import java.util.List;

/** Gives a {@link UserCode} its scope, and notes what its thread holds. */
final class ContextProbe {
    private final TaskScope scope;
    private final ThreadValue held;
    private final List<String> seen = new ArrayList<>();

    ContextProbe(TaskScope scope, ThreadValue held) {
        this.scope = scope;
        this.held = held;
    }

    TaskScope scope() {
        return scope;
    }

    /** Notes what this thread holds, and leaves something else there, as a careless body does. */
    String look() {
        String text = lookAndLeaveAlone();
        held.set("left behind");
        return text;
    }

    /** For code that is called several times for one that was put in place. */
    String lookAndLeaveAlone() {
        String text = held.get();
        synchronized (seen) {
            seen.add(String.valueOf(text));
            seen.notifyAll();
        }
        return text;
    }

    /** Waits for so many looks. */
    List<String> seen(int looks) throws InterruptedException {
        synchronized (seen) {
            while (seen.size() < looks) {
                seen.wait();
            }
            return List.copyOf(seen);
        }
    }

    /** One that lives in the scope, and is completed by a thread that holds something else. */
    Promise<String> promise() {
        return scope.start(() -> Promise.<String>create()).join();
    }

    void elsewhere(Runnable action) throws InterruptedException {
        Thread thread =
                new Thread(
                        () -> {
                            held.set("elsewhere");
                            action.run();
                        });
        thread.start();
        thread.join();
    }
}
