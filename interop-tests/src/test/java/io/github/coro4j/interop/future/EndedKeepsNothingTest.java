package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Combination;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Gather.When;
import io.github.coro4j.GatherPolicy;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Registration;
import io.github.coro4j.TaskScope;
import io.github.coro4j.coroutines.Suspend;
import io.github.coro4j.interop.testing.DroppedObjects;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An ended future keeps its end, but neither its source, nor its function, nor its items. */
@Timeout(300)
class EndedKeepsNothingTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** Makes a future or a plan from objects that it drops. The test keeps the result. */
    @FunctionalInterface
    interface Making {
        Object make(TaskScope scope, DroppedObjects dropped) throws Exception;
    }

    enum Kind {
        TASK((scope, d) -> ended(scope.start(() -> use(d.object("captured"))))),
        TASK_THAT_CAPTURES(
                (scope, d) -> {
                    Object held = d.object("captured");
                    return ended(scope.start(() -> use(held)));
                }),
        MAP((scope, d) -> ended(Future.completed(d.object("value")).map(capturing(d)::used))),
        MAP_OF_A_FAILURE((scope, d) -> ended(failed().map(capturing(d)::used))),
        MAP_CANCELLED((scope, d) -> cancelled(Promise.create().map(capturing(d)::used))),
        RECOVER((scope, d) -> ended(failed().recover(capturing(d)::used))),
        RECOVER_OF_A_SUCCESS(
                (scope, d) -> ended(Future.<Object>completed(1).recover(capturing(d)::used))),
        FLAT_MAP(
                (scope, d) -> {
                    Capturing held = capturing(d);
                    return ended(Future.completed(1).flatMap(x -> Future.completed(held.used(x))));
                }),
        FLAT_MAP_PENDING(
                (scope, d) -> {
                    Capturing held = capturing(d);
                    Promise<Object> promise = Promise.create();
                    Gate called = new Gate();
                    called.open();
                    Future<Object> mapped =
                            Future.completed(d.object("value"))
                                    .flatMap(
                                            x -> {
                                                held.used(x);
                                                called.pass();
                                                return promise;
                                            });
                    called.awaitReached();
                    return List.of(promise, mapped);
                }),
        NAMED(
                (scope, d) -> {
                    Object held = d.object("captured");
                    return ended(scope.start(() -> use(held)).named("named"));
                }),
        TIMEOUT((scope, d) -> ended(Future.completed(1).orTimeout(LONG))),
        INSTEAD(
                (scope, d) ->
                        ended(
                                Future.<Object>completed(1)
                                        .completeOnTimeout(d.object("instead"), LONG))),
        INSTEAD_LATER(
                (scope, d) -> {
                    Promise<Object> promise = Promise.create();
                    Future<Object> future = promise.completeOnTimeout(d.object("instead"), LONG);
                    promise.complete(1);
                    return ended(future);
                }),
        SHIELD_CANCELLED(
                (scope, d) -> cancelled(d.add("source", Promise.<Object>create()).shield())),
        ITEMS((scope, d) -> ended(plan(scope, d).all())),
        ITEMS_SETTLED((scope, d) -> ended(plan(scope, d).settled())),
        ITEMS_FIRST((scope, d) -> ended(plan(scope, d).firstSuccess())),
        ITEMS_LIMITED((scope, d) -> ended(plan(scope, d).concurrency(1).all())),
        ITEMS_LIMITED_FIRST((scope, d) -> ended(plan(scope, d).concurrency(1).firstDone())),
        ITEMS_READ(
                (scope, d) -> {
                    List<Object> list = items(d);
                    Iterable<Object> items = d.add("iterable", () -> list.iterator());
                    return ended(
                            scope.gather(items, capturing(d)::used).concurrency(1).firstDone());
                }),
        ITEMS_ON_A_POOL((scope, d) -> onPool(d)),
        HEDGE((scope, d) -> ended(scope.hedge(2, LONG, capturing(d)::used))),
        POLICY(
                (scope, d) -> {
                    KeepingNothing policy = d.add("policy", new KeepingNothing());
                    return ended(plan(scope, d).using(() -> policy));
                }),
        POLICY_OVER_FUTURES(
                (scope, d) -> {
                    KeepingNothing policy = d.add("policy", new KeepingNothing());
                    return ended(Gather.of(futures(d)).using(() -> policy));
                }),
        FIRST_OF_FUTURES((scope, d) -> ended(Gather.of(futures(d)).firstDone().map(x -> 1))),
        FAILED_GROUP((scope, d) -> ended(Gather.of(withFailure(futures(d))).all())),
        FAILED_GROUP_OF_PENDING(
                (scope, d) -> {
                    Promise<Object> pending = Promise.create();
                    List<Future<Object>> all = withFailure(futures(d));
                    all.add(pending);
                    return List.of(pending, ended(Gather.of(all).all()));
                }),
        KEYED(
                (scope, d) -> {
                    Map<Object, Future<Object>> map = new LinkedHashMap<>();
                    map.put("first", failed());
                    map.put(d.object("key"), Future.completed(d.object("value")));
                    return ended(Gather.keyed(map).all());
                }),
        COMBINE(
                (scope, d) -> {
                    Capturing held = capturing(d);
                    Future<Object> value = Future.completed(d.object("value"));
                    return ended(Combination.of(value, value, (a, b) -> held.used(a)).all());
                }),
        LEFT_LOOP(
                (scope, d) -> {
                    Promise<Object> pending = Promise.create();
                    List<Future<Object>> all = futures(d);
                    all.add(pending);
                    var ends = d.add("ends", Gather.of(all).asCompleted().iterator());
                    for (int i = 0; i < 20; i++) {
                        ends.next();
                    }
                    return pending;
                }),
        LOOP_OVER_MANY(
                (scope, d) -> {
                    Promise<Object> pending = Promise.create();
                    List<Future<Object>> all = futures(d);
                    all.add(pending);
                    var ends = Gather.of(all).asCompleted().iterator();
                    for (int i = 0; i < all.size() - 1; i++) {
                        ends.next();
                    }
                    return List.of(pending, ends);
                }),
        UNTIL(
                (scope, d) ->
                        ended(
                                Gather.of(futures(d))
                                        .until(When.ALL_DONE)
                                        .map(partition -> partition.done().size()))),
        STAGE(
                (scope, d) -> {
                    var stage = d.add("stage", new CompletableFuture<Object>());
                    Future<Object> future = Future.from(stage);
                    stage.complete(1);
                    return ended(future);
                }),
        STAGE_CANCELLED(
                (scope, d) -> cancelled(Future.from(d.add("stage", new CompletableFuture<>())))),
        WATCHED_JDK_FUTURE(
                (scope, d) -> {
                    var given = d.add("future", new FutureTask<Object>(() -> 1));
                    given.run();
                    return ended(Future.fromBlocking(given));
                }),
        SUBMITTED(
                (scope, d) -> {
                    Object held = d.object("captured");
                    var future = scope.asExecutorService().submit(() -> use(held));
                    future.get();
                    return future;
                }),
        SUBMITTED_WITH_RESULT(
                (scope, d) -> {
                    Runnable fails =
                            () -> {
                                throw new IllegalStateException("fails");
                            };
                    Future<Object> future =
                            (Future<Object>)
                                    scope.asExecutorService().submit(fails, d.object("result"));
                    future.joinOutcome();
                    return future;
                }),
        INVOKE_ANY(
                (scope, d) -> {
                    ExecutorService view = scope.asExecutorService();
                    Object held = d.object("captured");
                    view.invokeAny(List.of(() -> use(held)));
                    return view;
                }),
        SUSPEND(
                (scope, d) -> {
                    Object held = d.object("captured");
                    return ended(Suspend.call(scope, c -> use(held)));
                }),
        REGISTRATION(
                (scope, d) -> {
                    Object held = d.object("captured");
                    Gate called = new Gate();
                    called.open();
                    Executor executor = d.add("executor", new Direct());
                    Registration kept =
                            Future.completed(1)
                                    .addDoneCallback(
                                            f -> {
                                                use(held);
                                                called.passUninterruptibly();
                                            },
                                            executor);
                    called.awaitReached();
                    return kept;
                }),
        REGISTRATION_REMOVED(
                (scope, d) -> {
                    Object held = d.object("captured");
                    Promise<Object> promise = Promise.create();
                    Registration kept =
                            promise.addDoneCallback(
                                    f -> use(held), d.add("executor", new Direct()));
                    assertTrue(kept.remove());
                    return List.of(kept, promise);
                }),
        STARTED_PLAN(
                (scope, d) -> {
                    KeepingNothing policy = d.add("policy", new KeepingNothing());
                    Gather<Object> plan = scope.gather(items(d), EndedKeepsNothingTest::use);
                    ended(plan.using(() -> policy));
                    return plan;
                });

        private final Making making;

        Kind(Making making) {
            this.making = making;
        }
    }

    @ParameterizedTest
    @EnumSource
    void inputOfAnEndedFuture_isCollected(Kind kind) throws Exception {
        DroppedObjects dropped = new DroppedObjects();
        try (TaskScope scope = leaks.open("scope")) {
            Object kept = make(kind, scope, dropped);
            try {
                dropped.awaitCollected();
            } finally {
                if ((kept instanceof List<?> list ? list.get(0) : kept)
                        instanceof Promise<?> pending) {
                    pending.cancel("the end");
                }
                Reference.reachabilityFence(kept);
            }
        }
        leaks.takeReports();
    }

    private static Object make(Kind kind, TaskScope scope, DroppedObjects dropped)
            throws Exception {
        return kind.making.make(scope, dropped);
    }

    private static Future<?> ended(Future<?> future) {
        future.joinOutcome();
        return future;
    }

    private static Future<?> cancelled(Future<?> future) {
        future.cancelAndJoin("enough");
        return future;
    }

    private static Future<Object> failed() {
        return Future.failed(new IllegalStateException("failed"));
    }

    /** Has a method that the tests pass as a function. */
    private record Capturing(Object held) {
        Object used(Object given) {
            assertNotNull(held);
            return "used";
        }
    }

    private static Capturing capturing(DroppedObjects dropped) {
        return dropped.add("function", new Capturing(dropped.object("captured")));
    }

    private static Object use(Object held) {
        assertNotNull(held);
        return "used";
    }

    private static List<Object> items(DroppedObjects dropped) {
        List<Object> items = new java.util.ArrayList<>();
        for (int i = 0; i < 3; i++) {
            items.add(dropped.object("item " + i));
        }
        return items;
    }

    private static Gather<Object> plan(TaskScope scope, DroppedObjects dropped) {
        return scope.gather(items(dropped), capturing(dropped)::used);
    }

    private static Object onPool(DroppedObjects dropped) {
        ForkJoinPool pool = new ForkJoinPool(2);
        try (TaskScope scope = TaskScope.builder().executor(pool).open()) {
            return ended(plan(scope, dropped).all());
        } finally {
            pool.shutdown();
        }
    }

    private static List<Future<Object>> futures(DroppedObjects dropped) {
        List<Future<Object>> values = new java.util.ArrayList<>();
        for (int i = 0; i < 50; i++) {
            values.add(dropped.add("child " + i, Future.completed(dropped.object("value " + i))));
        }
        return values;
    }

    private static List<Future<Object>> withFailure(List<Future<Object>> values) {
        values.add(failed());
        return values;
    }

    private static final class Direct implements Executor {
        @Override
        public void execute(Runnable command) {
            command.run();
        }
    }

    private static final class KeepingNothing implements GatherPolicy<Object, Object> {
        @Override
        public Decision ended(int index, Outcome<Object> outcome) {
            return Decision.GO_ON;
        }

        @Override
        public Object result() {
            return "result";
        }
    }
}
