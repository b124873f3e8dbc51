package io.github.coro4j.interop.observe;

import io.github.coro4j.Future;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A process that ends while failures of the global scope are unread. */
final class UnreadAtExit {
    static final int MANY = 60;

    /** Keeps the futures reachable, so that the garbage collector causes no report. */
    private static Future<?> unread;

    private static Future<?> read;

    private UnreadAtExit() {}

    public static void main(String[] arguments) {
        unread = Task.start("unread", () -> fail("never read"));
        read = Task.start("read", () -> fail("read in time"));
        TaskScope.global().join();
        System.out.println("read: " + read.exception().getMessage());
        TaskScope own = TaskScope.open("own");
        own.start("in a scope of its own", () -> fail("its scope was never closed"));
        own.join();
        System.out.println("the end");
        if (arguments[0].equals("many")) {
            List<Task<?>> launched = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                launched.add(Task.launch("launched " + i, () -> fail("at the exit")));
            }
            while (!launched.stream().allMatch(Task::isDone)) {
                Thread.onSpinWait();
            }
        }
        if (arguments[0].equals("collected")) {
            unread = null;
            System.gc();
        }
        if (arguments[0].equals("exit")) {
            System.exit(0);
        }
    }

    private static Object fail(String message) throws IOException {
        throw new IOException(message);
    }
}
