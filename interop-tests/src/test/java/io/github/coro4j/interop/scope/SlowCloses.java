package io.github.coro4j.interop.scope;

import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * A process in which closes are slow after a few milliseconds. It closes some scopes one after the other, whose work ends
 * only when all of them have warned, and prints what was logged.
 */
final class SlowCloses {
    /** A close that warned again would do so long before the last of these scopes has warned. */
    private static final int SCOPES = 5;

    private SlowCloses() {}

    public static void main(String[] arguments) throws InterruptedException {
        BlockingQueue<LogRecord> logged = new LinkedBlockingQueue<>();
        Logger logger = Logger.getLogger("io.github.coro4j");
        logger.setUseParentHandlers(false);
        logger.addHandler(
                new Handler() {
                    @Override
                    public void publish(LogRecord line) {
                        logged.add(line);
                    }

                    @Override
                    public void flush() {}

                    @Override
                    public void close() {}
                });
        Gate stuck = new Gate();
        List<Thread> closers = new ArrayList<>();
        List<LogRecord> warnings = new ArrayList<>();
        for (int each = 0; each < SCOPES; each++) {
            TaskScope scope = TaskScope.open("page-" + each);
            Gate begun = new Gate();
            scope.launch(
                    "stuck",
                    () -> {
                        begun.open();
                        stuck.passUninterruptibly();
                    });
            begun.passUninterruptibly();
            Thread closer = new Thread(() -> close(arguments[0], scope));
            closer.start();
            closers.add(closer);
            warnings.add(logged.take());
        }
        stuck.open();
        for (Thread closer : closers) {
            closer.join();
        }
        warnings.addAll(logged);
        for (LogRecord warning : warnings) {
            System.out.println(warning.getLevel() + " " + warning.getMessage());
        }
        boolean isOnce =
                warnings.size() == SCOPES
                        && warnings.stream().allMatch(each -> each.getLevel() == Level.WARNING);
        System.exit(isOnce ? 0 : 1);
    }

    private static void close(String way, TaskScope scope) {
        switch (way) {
            case "close" -> scope.close();
            case "close in time" -> scope.close(Duration.ofDays(1));
            case "close too late" -> {
                scope.close(Duration.ZERO);
                scope.close(Duration.ZERO);
            }
            default -> scope.closeAsync("enough").join();
        }
    }
}
