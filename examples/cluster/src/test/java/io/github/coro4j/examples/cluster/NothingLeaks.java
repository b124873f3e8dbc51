package io.github.coro4j.examples.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import io.github.coro4j.FailureReport;
import io.github.coro4j.TaskScope;
import io.github.coro4j.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Opens scopes and members for tests, and closes the members. A test fails that leaves a live task, a member, a thread,
 * or a failure report that it did not take. Register it as a static field to share members between the tests of a class.
 */
final class NothingLeaks implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
    private final List<FailureReport> reports = new ArrayList<>();
    private final List<TaskScope> scopes = new ArrayList<>();
    private final List<LocalMembers> clusters = new ArrayList<>();
    private final List<String> uncaught = new ArrayList<>();
    private final Set<Thread> before = Thread.getAllStackTraces().keySet();

    @Override
    public void beforeAll(ExtensionContext context) {
        Thread.setDefaultUncaughtExceptionHandler(this::keepUncaught);
    }

    /** Drops what a worker of a dead member throws because it cannot send its answer. */
    private synchronized void keepUncaught(Thread thread, Throwable exception) {
        boolean dead = exception instanceof HazelcastInstanceNotActiveException;
        if (!dead || !thread.getName().startsWith("hz.")) {
            uncaught.add(thread.getName() + ": " + exception);
        }
    }

    /** Opens a scope, whose reports this extension keeps. */
    TaskScope open() {
        return opened(TaskScope.builder());
    }

    /** Opens a scope that takes its time from a clock of the test. */
    TaskScope open(TimeSource clock) {
        return opened(TaskScope.builder().timeSource(clock));
    }

    private TaskScope opened(TaskScope.Builder builder) {
        TaskScope scope = builder.name("test").failureListener(this::keep).open();
        scopes.add(scope);
        return scope;
    }

    private synchronized void keep(FailureReport report) {
        reports.add(report);
    }

    /** Takes the reports so far. The test expects them. */
    synchronized List<Throwable> takeReports() {
        List<Throwable> taken = reports.stream().<Throwable>map(FailureReport::exception).toList();
        reports.clear();
        return taken;
    }

    /** Starts three members in this JVM. */
    LocalMembers threeMembers() {
        LocalMembers members = LocalMembers.start("test-" + UUID.randomUUID(), 3);
        clusters.add(members);
        return members;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        for (TaskScope scope : scopes) {
            assertEquals(Set.of(), scope.tasks(), "live tasks in " + scope);
            assertFalse(scope.isOpen(), "the test left a scope open: " + scope);
        }
        assertEquals(Set.of(), TaskScope.global().tasks(), "live tasks in the global scope");
        assertEquals(List.of(), takeReports(), "failure reports that the test did not take");
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        clusters.forEach(LocalMembers::close);
        assertEquals(Set.of(), Hazelcast.getAllHazelcastInstances(), "members that still run");
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            boolean ours = !thread.isDaemon() || thread.getName().startsWith("hz.");
            // JUnit keeps the thread of its time limits.
            if (ours && !before.contains(thread) && !thread.getName().startsWith("junit")) {
                thread.join(30_000);
                assertFalse(thread.isAlive(), "a thread was left behind: " + thread);
            }
        }
        Thread.setDefaultUncaughtExceptionHandler(null);
        synchronized (this) {
            assertEquals(List.of(), uncaught, "exceptions that no code caught");
        }
    }
}
