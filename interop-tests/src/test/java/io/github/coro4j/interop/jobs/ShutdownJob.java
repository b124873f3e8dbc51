package io.github.coro4j.interop.jobs;

import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import java.time.Duration;

/** A program that is shut down while it works. */
final class ShutdownJob {
    private static final Gate NEXT = new Gate();
    private static final Gate SERVER_STOPPED = new Gate();

    private ShutdownJob() {}

    public static void main(String[] arguments) {
        TaskScope app = TaskScope.open("app");
        // region 10. Shutdown
        app.launch(
                "consumer",
                () -> {
                    try {
                        while (true) {
                            handle(nextMessage());
                        }
                    } finally {
                        Task.nonCancellable(
                                () ->
                                        Task.launch("commit", () -> commit())
                                                .join(Duration.ofSeconds(2)));
                    }
                });
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    app.closeAsync("the JVM is shutting down"); // does not wait
                                    stopTheServer();
                                    if (!app.close(Duration.ofSeconds(5))) {
                                        app.logDump();
                                    }
                                }));
        // endregion
        NEXT.awaitReached();
        System.exit(0);
    }

    private static String nextMessage() throws InterruptedException {
        NEXT.pass();
        return "message";
    }

    private static void handle(String message) {
        System.out.println("handled " + message);
    }

    private static Void commit() {
        SERVER_STOPPED.passUninterruptibly();
        System.out.println("committed");
        return null;
    }

    private static void stopTheServer() {
        System.out.println("server stopped");
        SERVER_STOPPED.open();
    }
}
