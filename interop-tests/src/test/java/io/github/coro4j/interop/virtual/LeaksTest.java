package io.github.coro4j.interop.virtual;

import static io.github.coro4j.test.Coro4jAssertions.assertFailed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;
import static org.junit.platform.testkit.engine.EventType.FINISHED;

import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.PlainThread;
import io.github.coro4j.test.AllowLeaks;
import io.github.coro4j.test.Coro4jExtension;
import io.github.coro4j.test.Coro4jTest;
import io.github.coro4j.test.TestScope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

/** A test that leaves something behind fails, with what it has left as the message. */
class LeaksTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private static final List<TaskScope> opened = new ArrayList<>();

    @AfterEach
    void closeAll() {
        opened.forEach(TaskScope::close);
        opened.clear();
    }

    /** Tests that are run by the tests around them only. */
    @Coro4jTest(guardSeconds = 1)
    static class Leaking {
        @Test
        void nothing(TestScope scope) {
            assertEquals(1, scope.start(() -> 1).join());
        }

        @Test
        void aTask(TestScope scope) {
            scope.launch("poller", () -> Promise.create().join());
        }

        @Test
        void aTimer(TestScope scope) {
            Task.sleep(Duration.ofSeconds(3));
        }

        @Test
        void anUnreadFailure(TestScope scope) {
            scope.start(
                    "load",
                    () -> {
                        throw new IOException("no route");
                    });
        }

        @Test
        void anUnobservedLaunch(TestScope scope) {
            scope.launch(
                    "load",
                    () -> {
                        throw new IOException("no route");
                    });
        }

        @Test
        void aFailedLaunchThatIsRead(TestScope scope) {
            Task<Void> load =
                    scope.launch(
                            "load",
                            () -> {
                                throw new IOException("no route");
                            });
            scope.runCurrent();
            assertFailed(load, IOException.class);
        }

        @Test
        void aScopeInside(TestScope scope) {
            TaskScope.open("page").start("load", () -> Promise.create().join());
        }

        @Test
        void aScopeOfAnotherThread() throws Exception {
            PlainThread.start("other", () -> opened.add(TaskScope.open("page"))).result();
        }

        @Test
        @AllowLeaks("the poller runs until the test is over")
        void allowed(TestScope scope) {
            aTask(scope);
            anUnreadFailure(scope);
        }

        @Test
        @AllowLeaks(" ")
        void allowedWithoutAReason(TestScope scope) {}

        @Test
        void aFailureOfItsOwn(TestScope scope) {
            aTask(scope);
            throw new IllegalStateException("its own");
        }

        @Test
        void aBodyThatNeverStops(TestScope scope) {
            scope.launch("computes", LeaksTest::spin);
        }
    }

    private static volatile boolean spins;

    private static void spin() {
        spins = true;
        while (spins) {
            Thread.onSpinWait();
        }
    }

    /** Where an annotation does not fit. */
    static class Registered {
        @RegisterExtension final Coro4jExtension coro4j = new Coro4jExtension();
        private Task<Integer> before;

        @BeforeEach
        void start() {
            before = Task.start("before", () -> 1);
        }

        @Test
        void methodsRunInside(TaskScope scope) {
            assertTrue(scope.tasks().contains(before) || before.join() == 1);
        }
    }

    @Coro4jTest(seeds = 3)
    static class SeedsOnAClass {
        @Test
        void test() {}
    }

    private static String failureOf(Class<?> type, String method, Class<?>... parameters) {
        List<String> found = new ArrayList<>();
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(type, method, parameters))
                .execute()
                .allEvents()
                .filter(event -> event.getType() == FINISHED)
                .forEach(
                        event ->
                                event.getPayload(TestExecutionResult.class)
                                        .flatMap(TestExecutionResult::getThrowable)
                                        .ifPresent(e -> found.add(String.valueOf(e.getMessage()))));
        return String.join("; ", found);
    }

    private static void assertLeaks(String method, String... lines) {
        String text = failureOf(Leaking.class, method, TestScope.class);
        for (String line : lines) {
            assertTrue(text.contains("\n- " + line), text);
        }
        assertTrue(text.startsWith("the test has left work or failures behind in scope "), text);
    }

    @Test
    void nothing() {
        assertEquals("", failureOf(Leaking.class, "nothing", TestScope.class));
    }

    @Test
    void aTask() {
        assertLeaks("aTask", "task \"poller\" waits");
    }

    @Test
    void aTimer() {
        assertLeaks(
                "aTimer", "sleep \"sleep-1\" waits", "a timer of sleep \"sleep-1\", due at PT3S");
    }

    @Test
    void anUnobservedLaunch() {
        assertLeaks(
                "anUnobservedLaunch", "FailureReport[kind=UNREAD_FAILURE, type=task, name=load");
    }

    @Test
    void anUnreadFailure() {
        String text = failureOf(Leaking.class, "anUnreadFailure", TestScope.class);
        assertTrue(
                text.startsWith(
                        "failures of scope \"anUnreadFailure(TestScope)\" were not read:\n- "),
                text);
        assertTrue(text.contains("no route"), text);
    }

    @Test
    void aFailedLaunchThatIsRead() {
        assertEquals("", failureOf(Leaking.class, "aFailedLaunchThatIsRead", TestScope.class));
    }

    @Test
    void aScopeInside() {
        assertLeaks("aScopeInside", "task \"load\" waits");
    }

    @Test
    void aScopeOfAnotherThread() {
        String text = failureOf(Leaking.class, "aScopeOfAnotherThread");
        assertTrue(
                text.startsWith("the test has left scopes open: scope \"page\". Close each scope"),
                text);
    }

    @Test
    void allowedLeaks() {
        assertEquals("", failureOf(Leaking.class, "allowed", TestScope.class));
        assertEquals(
                "@AllowLeaks of allowedWithoutAReason(TestScope) must give a reason, for example "
                        + "@AllowLeaks(\"the poller runs until the JVM exits\")",
                failureOf(Leaking.class, "allowedWithoutAReason", TestScope.class));
    }

    @Test
    void aFailureOfTheTestItselfComesFirst() {
        assertEquals("its own", failureOf(Leaking.class, "aFailureOfItsOwn", TestScope.class));
    }

    @Test
    void aBodyThatNeverStops() {
        try {
            String text = failureOf(Leaking.class, "aBodyThatNeverStops", TestScope.class);
            assertTrue(text.contains("task \"computes\" runs on thread"), text);
        } finally {
            spins = false;
        }
    }

    @Test
    void registeredByHand() {
        assertEquals("", failureOf(Registered.class, "methodsRunInside", TaskScope.class));
    }

    @Test
    void seedsOnAClass() {
        assertEquals(
                "@Coro4jTest on "
                        + SeedsOnAClass.class.getName()
                        + " must not have seeds: a seed belongs to one method. Put @Coro4jTest(seeds = 3) on the "
                        + "method, in place of @Test",
                failureOf(SeedsOnAClass.class, "test"));
    }
}
