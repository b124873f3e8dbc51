package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;

/** What a gather of asynchronous work does with bad input, and with functions and futures that fail. */
@Timeout(120)
class GatherAsyncFailureTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** The promises that the function has returned and the test has not taken yet. */
    private final BlockingQueue<Promise<Integer>> pending = new LinkedBlockingQueue<>();

    private Future<Integer> startOne(int item) {
        Promise<Integer> promise = Promise.create();
        pending.add(promise);
        return promise;
    }

    @Test
    @Rule({3, 19})
    void badInputIsRefusedBeforeAnythingStarts() {
        TaskScope scope = leaks.open("bad");
        assertNamed("start", () -> scope.gatherAsync(List.of(1), null));
        assertNamed("items", () -> scope.gatherAsync(null, this::startOne));
        assertNamed("items[1]", () -> scope.gatherAsync(Arrays.asList(1, null), this::startOne));
        scope.close();
        IllegalStateException closed =
                assertThrows(
                        IllegalStateException.class,
                        () -> scope.gatherAsync(List.of(1), this::startOne));
        assertTrue(closed.getMessage().contains("scope \"bad\" is closed"), closed::toString);
        assertEquals(0, pending.size());
    }

    private static void assertNamed(String parameter, Executable call) {
        NullPointerException e = assertThrows(NullPointerException.class, call);
        assertTrue(e.getMessage().startsWith(parameter + " must not be null: "), e::toString);
    }

    @Test
    @Rule(3)
    void aFunctionWithoutAFutureFailsItsChild() {
        try (TaskScope scope = leaks.open("bad")) {
            Throwable none =
                    scope.<Integer, Integer>gatherAsync(List.of(1), item -> null)
                            .named("pages")
                            .all()
                            .joinOutcome()
                            .exceptionOrNull();
            assertEquals(
                    "the future returned by the function of task \"pages[0]\" must not be null: "
                            + "return Future.completed(null) for a future of null",
                    assertInstanceOf(NullPointerException.class, none).getMessage());
            Throwable foreign =
                    scope.gatherAsync(List.of(1), item -> foreign())
                            .named("pages")
                            .all()
                            .joinOutcome()
                            .exceptionOrNull();
            assertTrue(
                    assertInstanceOf(IllegalArgumentException.class, foreign)
                            .getMessage()
                            .contains("the result of the function of task \"pages[0]\" is a "),
                    foreign::toString);
        }
    }

    @SuppressWarnings("unchecked") // a proxy has no type argument
    private static Future<Integer> foreign() {
        return (Future<Integer>)
                Proxy.newProxyInstance(
                        Future.class.getClassLoader(),
                        new Class<?>[] {Future.class},
                        (proxy, method, arguments) -> null);
    }

    @Test
    @Rule({16, 17})
    void everyFailureSurfacesOrIsReportedOnce() throws Exception {
        IOException thrown = new IOException("thrown");
        IOException failed = new IOException("failed");
        try (TaskScope scope = leaks.open("failing")) {
            Future<List<Integer>> group =
                    scope.gatherAsync(
                                    List.of(0, 1),
                                    item -> {
                                        if (item == 0) {
                                            throw thrown;
                                        }
                                        return startOne(item);
                                    })
                            .named("pages")
                            .all();
            assertSame(thrown, group.joinOutcome().exceptionOrNull());
            pending.take().fail(failed);
        }
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size(), reports::toString);
        assertSame(failed, reports.get(0).exception());
        assertEquals("pages[1]", reports.get(0).name());
    }

    @Test
    @Rule(25)
    void aChildThatWouldWaitForItsGroupFails() {
        Gate made = new Gate();
        AtomicReference<Future<?>> group = new AtomicReference<>();
        AtomicReference<Future<Integer>> derived = new AtomicReference<>();
        try (TaskScope scope = leaks.open("circle")) {
            group.set(
                    scope.gatherAsync(
                                    List.of(1),
                                    item -> {
                                        made.pass();
                                        derived.set(group.get().map(value -> 1));
                                        return derived.get();
                                    })
                            .named("pages")
                            .all());
            made.open();
            Throwable failure = group.get().joinOutcome().exceptionOrNull();
            assertEquals(
                    List.of("pages[0]", "pages.map"),
                    assertInstanceOf(DeadlockException.class, failure).circle());
            assertSame(failure, derived.get().joinOutcome().exceptionOrNull());
        }
    }
}
