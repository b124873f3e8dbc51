package io.github.coro4j.interop.testing;

import io.github.coro4j.GatherPolicy;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.TaskScope;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Gives a {@link UserCode} its scope, and records the value that its thread holds. */
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

    /** Records the value that this thread holds, and leaves another value there, as a careless body does. */
    String look() {
        String text = lookAndLeaveAlone();
        held.set("left behind");
        return text;
    }

    /** Records the value and leaves it there, for code that runs several times inside one installed context. */
    String lookAndLeaveAlone() {
        String text = held.get();
        synchronized (seen) {
            seen.add(String.valueOf(text));
            seen.notifyAll();
        }
        return text;
    }

    /** Waits for the given number of looks. */
    List<String> seen(int looks) throws InterruptedException {
        synchronized (seen) {
            while (seen.size() < looks) {
                seen.wait();
            }
            return List.copyOf(seen);
        }
    }

    /** Returns a promise of the scope. A thread with another context completes it. */
    Promise<String> promise() {
        return scope.start(() -> Promise.<String>create()).join();
    }

    /** Returns two items, whose iterator looks whenever it gives one. */
    Iterable<Integer> items() {
        return () -> {
            Iterator<Integer> all = List.of(1, 2).iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return all.hasNext();
                }

                @Override
                public Integer next() {
                    // One thread may read several items, one after the other.
                    lookAndLeaveAlone();
                    return all.next();
                }
            };
        };
    }

    /** Returns a policy that looks at each call. */
    GatherPolicy<Integer, String> policy() {
        return new GatherPolicy<>() {
            @Override
            public Decision ended(int index, Outcome<Integer> outcome) {
                look();
                return Decision.GO_ON;
            }

            @Override
            public String result() {
                return look();
            }
        };
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
