package io.github.coro4j.interop.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.ControlledFuture;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.PlainThread;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.SlowCleanUp;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code close(Duration)} gives up waiting when its time has passed, and the engine finishes the close later (R23). */
@Rule(23)
class CloseInTimeTest {
    private static final Duration LONG = Duration.ofDays(1);

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    void workThatEndsInTimeIsClosedAndReported() throws Exception {
        IOException boom = new IOException("boom");
        Gate never = new Gate();
        TaskScope scope = leaks.open("page");
        Task<Void> slow = scope.launch("slow", never::pass);
        ControlledFuture.awaitDone(
                scope.start(
                        "failing",
                        () -> {
                            throw boom;
                        }));
        never.awaitReached();
        assertTrue(scope.close(LONG));
        assertTrue(slow.isCancelled());
        assertSame(boom, leaks.takeReports().get(0).exception());
        assertTrue(scope.close(Duration.ZERO), "closing again only waits for the same end");
    }

    @Test
    void workThatIsLeftMakesItFalse_theScopeStaysClosing() throws Exception {
        Gate never = new Gate();
        Gate cleanUp = new Gate();
        TaskScope scope = leaks.open("page");
        IOException messy = new IOException("could not clean up");
        Task<String> slow =
                scope.start(
                        "slow",
                        new SlowCleanUp(never, cleanUp)
                                .then(
                                        () -> {
                                            throw messy;
                                        }));
        never.awaitReached();
        assertFalse(scope.close(Duration.ofMillis(1)));
        assertFalse(scope.close(Duration.ZERO));
        cleanUp.awaitReached();
        assertTrue(slow.isCancelling());
        assertFalse(scope.isOpen());
        assertThrows(IllegalStateException.class, () -> scope.start(() -> "late"));
        String dump = scope.dump();
        assertTrue(dump.startsWith("scope \"page\" (closing"), dump);
        assertTrue(dump.contains("task \"slow\"") && dump.contains("passUninterruptibly"), dump);

        cleanUp.open(); // no thread waits, so the engine finishes the close
        assertSame(messy, leaks.awaitReports(1).get(0).exception());
        scope.close();
        assertTrue(scope.dump().startsWith("scope \"page\" (closed"), scope::dump);
    }

    @Test
    void aLaterCloseWaitsForTheSameEnd() throws Exception {
        Gate never = new Gate();
        Gate cleanUp = new Gate();
        TaskScope scope = leaks.open("page");
        Task<Void> slow = scope.launch("slow", new SlowCleanUp(never, cleanUp));
        never.awaitReached();
        assertFalse(scope.close(Duration.ZERO));
        PlainThread<Boolean> closer =
                PlainThread.start(
                        "closer",
                        () -> {
                            scope.close();
                            return slow.isDone();
                        });
        closer.awaitBlocked();
        cleanUp.open();
        assertTrue(closer.result());
    }

    @Test
    void theParentWaitsForTheEndOfTheClose() throws Exception {
        Gate never = new Gate();
        Gate cleanUp = new Gate();
        TaskScope outer = leaks.open("outer");
        TaskScope inner = outer.start(() -> leaks.open("inner")).join();
        Task<Void> slow = inner.launch("slow", new SlowCleanUp(never, cleanUp));
        never.awaitReached();
        assertFalse(inner.close(Duration.ZERO));
        assertFalse(outer.join(Duration.ZERO));
        cleanUp.open();
        outer.close();
        assertTrue(slow.isDone());
        assertTrue(inner.dump().startsWith("scope \"inner\" (closed"), inner::dump);
    }

    // Another thread finishes the close, and its failure listener takes longer than the time.
    @Test
    void reportsThatAreLeftMakeItFalse() throws Exception {
        Gate listening = new Gate();
        TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .name("page")
                                .failureListener(report -> listening.passUninterruptibly())
                                .open());
        scope.start(
                "failing",
                () -> {
                    throw new IOException("boom");
                });
        scope.join();
        PlainThread<Boolean> closer = PlainThread.start("closer", () -> scope.close(LONG));
        listening.awaitReached();
        assertFalse(scope.close(Duration.ofMillis(1)));
        listening.open();
        assertTrue(closer.result());
        assertTrue(scope.close(Duration.ZERO));
    }

    @Test
    void anInterruptDoesNotEndTheWait() {
        Gate never = new Gate();
        TaskScope scope = leaks.open("page");
        Task<Void> slow = scope.launch("slow", never::pass);
        never.awaitReached();
        Thread.currentThread().interrupt();
        assertTrue(scope.close(LONG));
        assertTrue(Thread.interrupted(), "the interrupt was swallowed");
        assertTrue(slow.isCancelled());
    }

    // The close of another task would make a circle without the limit.
    @Test
    @Rule(25)
    void aWaitWithALimitIsPartOfNoCircle() {
        Gate closing = new Gate();
        Gate tried = new Gate();
        TaskScope one = leaks.open("one");
        TaskScope two = leaks.open("two");
        Task<Boolean> a =
                one.start(
                        "a",
                        () -> {
                            closing.passUninterruptibly();
                            boolean isClosed = two.close(Duration.ofMillis(1));
                            tried.open();
                            return isClosed;
                        });
        two.launch(
                "b",
                () -> {
                    closing.open();
                    tried.passUninterruptibly();
                });
        assertEquals(false, a.join());
        two.close();
        one.close();
    }
}
