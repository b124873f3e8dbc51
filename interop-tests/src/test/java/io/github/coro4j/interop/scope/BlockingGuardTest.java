package io.github.coro4j.interop.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.BlockingGuard.Answer;
import io.github.coro4j.BlockingRefusedException;
import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.coroutines.Flows;
import io.github.coro4j.coroutines.Suspend;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.WayToWait;
import io.github.coro4j.spi.BuildInfo;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import kotlinx.coroutines.channels.BufferOverflow;
import kotlinx.coroutines.flow.SharedFlowKt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A guard keeps a thread from waiting, and nothing is started or lost. */
class BlockingGuardTest extends GuardedSetting {
    @ParameterizedTest
    @EnumSource
    void aRefusedWaitLeavesTheTaskAlone(WayToWait way) {
        TaskScope scope = open(refusing);
        Gate gate = new Gate();
        Task<String> task =
                scope.start(
                        "load",
                        () -> {
                            gate.passUninterruptibly();
                            return "loaded";
                        });

        gate.awaitReached();
        BlockingRefusedException refused =
                assertThrows(BlockingRefusedException.class, () -> way.on(task));

        assertEquals(
                "thread \""
                        + self.getName()
                        + "\" must not block, but would wait for task \"load\". Add a callback instead of waiting, "
                        + "call closeAsync instead of close, or wait on another thread. "
                        + BuildInfo.seeError("must-not-block"),
                refused.getMessage());
        assertFalse(task.isDone());
        assertEquals(way == WayToWait.CANCEL_AND_JOIN, task.isCancelling());
        gate.open();
        closed(scope);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"CANCEL_AND_JOIN"},
            mode = EnumSource.Mode.EXCLUDE)
    void whatIsDoneIsReadWithoutTheGuard(WayToWait way) throws Exception {
        TaskScope scope = open(refusing);
        Task<String> task = scope.start("load", () -> "loaded");
        Promise<Void> done = Promise.create();
        task.addDoneCallback(end -> done.complete(null));
        done.join();

        assertEquals("loaded", way.on(task));
        closed(scope);
    }

    @Test
    void aWaitOfNoTimeIsNotAsked() throws Exception {
        TaskScope scope = open(refusing);
        Gate gate = new Gate();
        Task<Void> task = scope.launch("load", gate::passUninterruptibly);
        gate.awaitReached();

        assertThrows(
                java.util.concurrent.TimeoutException.class, () -> task.get(0, TimeUnit.SECONDS));
        assertFalse(scope.join(Duration.ZERO));
        assertFalse(scope.close(Duration.ZERO));

        gate.open();
        closed(scope);
    }

    @Test
    void theJoinOfAScopeIsRefused() {
        TaskScope scope = open(refusing);
        Gate gate = new Gate();
        Task<Void> task = scope.launch("load", gate::pass);

        assertThrows(BlockingRefusedException.class, scope::join);
        assertThrows(BlockingRefusedException.class, () -> scope.join(Duration.ofDays(1)));

        assertFalse(task.isCancelling());
        assertTrue(scope.isOpen());
        gate.open();
        closed(scope);
    }

    @Test
    void aRefusedCloseGoesOnWithoutTheThread() {
        TaskScope scope = open(refusing);
        Gate gate = new Gate();
        Task<Void> task = scope.launch("load", gate::passUninterruptibly);
        gate.awaitReached();

        BlockingRefusedException refused =
                assertThrows(BlockingRefusedException.class, scope::close);
        assertThrows(BlockingRefusedException.class, () -> scope.close(Duration.ofDays(1)));

        assertTrue(refused.getMessage().contains("scope \"window\""), refused::getMessage);
        assertFalse(scope.isOpen());
        assertTrue(task.isCancelling());
        gate.open();
        closed(scope);
        assertTrue(task.isCancelled());
    }

    @Test
    void viewsAreGuarded() {
        TaskScope scope = open(refusing);
        Gate gate = new Gate();
        Task<Void> task = scope.launch("load", gate::pass);

        assertThrows(BlockingRefusedException.class, () -> task.toCompletableFuture().get());
        assertThrows(BlockingRefusedException.class, () -> task.toCompletableFuture().join());
        assertThrows(
                BlockingRefusedException.class,
                () -> task.toCompletableFuture().get(1, TimeUnit.DAYS));

        gate.open();
        closed(scope);
    }

    @Test
    void derivedFuturesAndGathersAreGuarded() {
        TaskScope scope = open(refusing);
        Gate gate = new Gate();
        Future<List<Integer>> all =
                scope.gather(
                                List.of(1, 2),
                                item -> {
                                    gate.passUninterruptibly();
                                    return item;
                                })
                        .all();

        assertThrows(BlockingRefusedException.class, all::join);
        assertThrows(BlockingRefusedException.class, () -> all.map(List::size).join());
        assertThrows(BlockingRefusedException.class, () -> all.shield().join());

        gate.open();
        closed(scope);
    }

    @Test
    void aLoopOverCompletedChildrenIsGuarded() {
        TaskScope scope = open(refusing);
        Gate gate = new Gate();
        Iterator<Future<Integer>> completed =
                scope.gather(
                                List.of(1),
                                item -> {
                                    gate.passUninterruptibly();
                                    return item;
                                })
                        .asCompleted()
                        .iterator();

        assertThrows(BlockingRefusedException.class, completed::hasNext);

        gate.open();
        closed(scope);
    }

    @Test
    void bulkCallsStartNothing() {
        TaskScope scope = open(refusing);
        AtomicBoolean started = new AtomicBoolean();
        Callable<Boolean> body = () -> started.getAndSet(true);
        ExecutorService view = scope.asExecutorService();

        assertThrows(BlockingRefusedException.class, () -> view.invokeAll(List.of(body)));
        assertThrows(BlockingRefusedException.class, () -> view.invokeAny(List.of(body)));

        assertFalse(started.get());
        closed(scope);
    }

    @Test
    void runBlockingCallsNothing() {
        AtomicBoolean called = new AtomicBoolean();
        TaskScope scope = open(awaited -> Answer.REFUSE);
        Promise<Throwable> refused = Promise.create();
        scope.launch(
                "body",
                () ->
                        refused.complete(
                                assertThrows(
                                        BlockingRefusedException.class,
                                        () ->
                                                Suspend.runBlocking(
                                                        "inner",
                                                        c -> {
                                                            called.set(true);
                                                            return null;
                                                        }))));

        assertTrue(refused.join().getMessage().contains("task \"inner\""));
        assertFalse(called.get());
        closed(scope);
    }

    @Test
    void aLoopOverAFlowIsGuarded() throws Exception {
        TaskScope scope = open(awaited -> Answer.REFUSE);
        Promise<Throwable> refused = Promise.create();
        scope.launch(
                "body",
                () -> {
                    Iterator<Integer> items =
                            Flows.iterator(
                                    scope,
                                    SharedFlowKt.MutableSharedFlow(0, 0, BufferOverflow.SUSPEND));
                    refused.complete(assertThrows(BlockingRefusedException.class, items::hasNext));
                });
        assertNotNull(refused.join());
        closed(scope);
    }
}
