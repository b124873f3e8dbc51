package io.github.coro4j.interop.testing;

import static io.github.coro4j.spi.BuildInfo.seeError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.coro4j.FailureListener;
import io.github.coro4j.FailureReport;
import io.github.coro4j.TaskListener;
import io.github.coro4j.TaskScope;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Fails a test that leaves a live task, a live thread, a set interrupt flag, or a failure report that the test did not
 * take. Use it as a {@code @RegisterExtension} field.
 */
public final class NothingLeaks
        implements BeforeEachCallback, InvocationInterceptor, AfterEachCallback {
    private final List<FailureReport> reports = new ArrayList<>();
    private final List<LogRecord> logged = new ArrayList<>();
    private final List<TaskScope> scopes = new ArrayList<>();
    private final List<String> uncaught = new ArrayList<>();
    private final Set<Thread> before = new HashSet<>();
    // This field is strong because java.util.logging keeps loggers, and so their handlers, only
    // weakly.
    private final Logger logger = Logger.getLogger("io.github.coro4j");
    private final Handler handler =
            new Handler() {
                @Override
                public void publish(LogRecord line) {
                    // Tests of cancels and threads block in suspend bodies on purpose.
                    if (line.getMessage().endsWith(seeError("blocks-in-a-coroutine"))) {
                        return;
                    }
                    synchronized (logged) {
                        logged.add(line);
                    }
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };

    /** Opens a scope. This extension gets its reports, and checks after the test that it has no tasks. */
    public TaskScope open(String name) {
        return opened(TaskScope.builder().name(name).failureListener(listener()).open());
    }

    /** Opens a scope whose bodies run on the given executor. */
    public TaskScope open(String name, Executor executor) {
        return opened(
                TaskScope.builder()
                        .name(name)
                        .executor(executor)
                        .failureListener(listener())
                        .open());
    }

    /** Opens a scope with the given task listener, which receives the steps of its bodies. */
    public TaskScope open(String name, TaskListener listener) {
        return opened(
                TaskScope.builder()
                        .name(name)
                        .failureListener(listener())
                        .taskListener(listener)
                        .open());
    }

    /** Makes this extension check after the test that the scope has no tasks, and returns the scope. */
    public TaskScope opened(TaskScope scope) {
        scopes.add(scope);
        return scope;
    }

    /** Returns a listener whose reports the test must take with {@link #takeReports()}. */
    public FailureListener listener() {
        return report -> {
            synchronized (reports) {
                reports.add(report);
                reports.notifyAll();
            }
        };
    }

    /** Takes the reports so far. The test expects them. */
    public List<FailureReport> takeReports() {
        synchronized (reports) {
            List<FailureReport> taken = List.copyOf(reports);
            reports.clear();
            return taken;
        }
    }

    /** Waits until there are at least the given number of reports, and takes them. */
    public List<FailureReport> awaitReports(int count) throws InterruptedException {
        synchronized (reports) {
            while (reports.size() < count) {
                reports.wait();
            }
            return takeReports();
        }
    }

    /** Takes the lines that the default listener has logged so far. The test expects them. */
    public List<LogRecord> takeLogged() {
        synchronized (logged) {
            List<LogRecord> taken = List.copyOf(logged);
            logged.clear();
            return taken;
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        before.addAll(liveThreads());
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, exception) -> {
                    synchronized (uncaught) {
                        uncaught.add(thread.getName() + ": " + exception);
                    }
                });
    }

    /** Returns all live platform threads, without their stacks, because stacks took most of the time of the tests. */
    private static Set<Thread> liveThreads() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        Thread[] threads = new Thread[root.activeCount() + 1];
        int count = root.enumerate(threads);
        while (count == threads.length) { // there may be more threads
            threads = new Thread[2 * count];
            count = root.enumerate(threads);
        }
        return new HashSet<>(Arrays.asList(threads).subList(0, count));
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> test,
            ReflectiveInvocationContext<Method> method,
            ExtensionContext context)
            throws Throwable {
        // This runs on the thread of the test. If the test has a time limit, afterEach runs on
        // another thread.
        test.proceed();
        assertFalse(Thread.interrupted(), "the test's thread was left with its interrupt flag set");
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> test,
            ReflectiveInvocationContext<Method> method,
            ExtensionContext context)
            throws Throwable {
        interceptTestMethod(test, method, context);
    }

    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        try {
            for (TaskScope scope : scopes) {
                assertEquals(Set.of(), scope.tasks(), "live tasks in " + scope);
            }
            TaskScope.global().join();
            assertEquals(Set.of(), TaskScope.global().tasks(), "live tasks in the global scope");
            for (Thread thread : liveThreads()) {
                if (!before.contains(thread) && !thread.isDaemon()) {
                    // The threads of a pool that the test has shut down may still be alive, so this
                    // waits
                    // for their end.
                    thread.join(30_000);
                    assertFalse(thread.isAlive(), "the test left a thread behind: " + thread);
                }
            }
            assertEquals(List.of(), takeReports(), "failure reports that the test did not take");
            assertEquals(
                    List.of(),
                    takeLogged().stream().map(LogRecord::getMessage).toList(),
                    "failures logged that the test did not take");
            synchronized (uncaught) {
                assertEquals(
                        List.of(), uncaught, "a failure reached an uncaught-exception handler");
            }
        } finally {
            logger.removeHandler(handler);
            Thread.setDefaultUncaughtExceptionHandler(null);
        }
    }
}
