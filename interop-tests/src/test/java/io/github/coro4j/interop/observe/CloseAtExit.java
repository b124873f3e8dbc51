package io.github.coro4j.interop.observe;

import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.io.IOException;
import java.util.logging.Logger;

/** A process whose shutdown hook closes a scope after that of {@code java.util.logging} has run. */
final class CloseAtExit {
    /** Keeps the task reachable, so that the garbage collector causes no report. */
    private static Task<?> broken;

    private CloseAtExit() {}

    public static void main(String[] arguments) {
        Logger root = Logger.getLogger("");
        TaskScope app = TaskScope.open("app");
        broken =
                app.start(
                        "broken",
                        () -> {
                            throw new IOException("never read");
                        });
        app.join();
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    while (root.getHandlers().length > 0) {
                                        Thread.onSpinWait();
                                    }
                                    app.close();
                                    app.logDump();
                                }));
        System.out.println(broken + " is the last task");
    }
}
