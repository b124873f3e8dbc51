package io.github.coro4j.interop.engine;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.coroutines.Suspend;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import kotlinx.coroutines.YieldKt;

/** An application that does work of every kind, with threads of its container. */
public final class WorkOfEveryKind implements Runnable {
    private static final Duration SHORT = Duration.ofMillis(2);
    private static final Duration HOUR = Duration.ofHours(1);

    private final Executor executor;

    public WorkOfEveryKind(Executor executor) {
        this.executor = executor;
    }

    @Override
    public void run() {
        try (TaskScope scope = TaskScope.builder().name("own").failureListener(r -> {}).open()) {
            workIn(scope);
            scope.start("left to the close", () -> Task.sleep(HOUR).join());
        }
        try (TaskScope scope =
                TaskScope.builder()
                        .name("theirs")
                        .executor(executor)
                        .callbackExecutor(executor)
                        .failureListener(r -> {})
                        .open()) {
            workIn(scope);
            scope.start("left to the close", () -> Task.sleep(HOUR).join());
        }
        TaskScope.run(
                "on the thread of the caller",
                scope -> {
                    workIn(scope);
                    return Task.current();
                });
        Task.start(() -> new WorkOfEveryKind(executor)).join();
        Future.completed(this).map(Object::hashCode).join();
        Task.start(this::fails); // No code reads this failure, so a shutdown hook waits.
        Task.launch(this::fails);
        TaskScope.global().join();
        TaskScope.dumpAll();
    }

    private void workIn(TaskScope scope) {
        scope.start(() -> this).map(Object::toString).flatMap(Future::completed).join();
        scope.start(this::fails).recover(e -> this).join();
        scope.start(this::fails); // No code reads this failure.
        List<Integer> items = List.of(1, 2, 3, 4, 5);
        scope.gather(items, item -> this).all().join();
        scope.gather(items, item -> this).concurrency(2).timeout(HOUR).failFast().join();
        Gather.of(Future.completed(this)).onProgress(progress -> {}).settled().join();
        Task.sleep(SHORT).join();
        Promise.<Object>create().orTimeout(SHORT).joinOutcome();
        Promise.<Object>create().completeOnTimeout(this, SHORT).join();
        Promise<Object> promise = Promise.create();
        CountDownLatch called = new CountDownLatch(3);
        promise.addDoneCallback(done -> called.countDown());
        promise.addDoneCallback(done -> called.countDown(), executor);
        promise.addDoneCallback(done -> called.countDown(), Runnable::run);
        promise.map(value -> this).shield().cancel();
        promise.complete(this);
        await(called);
        CountDownLatch never = new CountDownLatch(1);
        scope.hedge(
                        2,
                        SHORT,
                        attempt -> {
                            if (attempt == 0) {
                                never.await();
                            }
                            return this;
                        })
                .join();
        Task<Object> stopped =
                scope.start(
                        () -> {
                            never.await();
                            return this;
                        });
        stopped.cancelAndJoin("enough");
        CompletableFuture<Object> stage = new CompletableFuture<>();
        Future<Object> followed = Future.from(stage);
        stage.complete(this);
        followed.join();
        scope.start(() -> this).toCompletableFuture().join();
        FutureTask<Object> blocking = new FutureTask<>(() -> this);
        Future<Object> watched = Future.fromBlocking(blocking);
        blocking.run();
        watched.join();
        ExecutorService view = scope.asExecutorService();
        try {
            view.submit(() -> this).get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        view.shutdown();
        Suspend.call(scope, c -> YieldKt.yield(c)).join();
        Task.sleep(HOUR).cancel();
    }

    private Object fails() {
        throw new IllegalStateException("one of the application's");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
