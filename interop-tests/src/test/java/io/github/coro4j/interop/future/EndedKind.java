package io.github.coro4j.interop.future;

import static io.github.coro4j.interop.future.DroppedInput.LONG;
import static io.github.coro4j.interop.future.DroppedInput.cancelled;
import static io.github.coro4j.interop.future.DroppedInput.capturing;
import static io.github.coro4j.interop.future.DroppedInput.ended;
import static io.github.coro4j.interop.future.DroppedInput.failed;
import static io.github.coro4j.interop.future.DroppedInput.futures;
import static io.github.coro4j.interop.future.DroppedInput.items;
import static io.github.coro4j.interop.future.DroppedInput.onPool;
import static io.github.coro4j.interop.future.DroppedInput.plan;
import static io.github.coro4j.interop.future.DroppedInput.use;
import static io.github.coro4j.interop.future.DroppedInput.withFailure;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Combination;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Gather.When;
import io.github.coro4j.Promise;
import io.github.coro4j.Registration;
import io.github.coro4j.TaskScope;
import io.github.coro4j.coroutines.Suspend;
import io.github.coro4j.interop.future.DroppedInput.Capturing;
import io.github.coro4j.interop.future.DroppedInput.Direct;
import io.github.coro4j.interop.future.DroppedInput.KeepingNothing;
import io.github.coro4j.interop.testing.DroppedObjects;
import io.github.coro4j.interop.testing.Gate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;

/** The ways to make a future or a plan that needs nothing of its input any more. */
enum EndedKind {
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
    SHIELD_CANCELLED((scope, d) -> cancelled(d.add("source", Promise.<Object>create()).shield())),
    ITEMS((scope, d) -> ended(plan(scope, d).all())),
    ITEMS_SETTLED((scope, d) -> ended(plan(scope, d).settled())),
    ITEMS_FIRST((scope, d) -> ended(plan(scope, d).firstSuccess())),
    ITEMS_LIMITED((scope, d) -> ended(plan(scope, d).concurrency(1).all())),
    ITEMS_LIMITED_FIRST((scope, d) -> ended(plan(scope, d).concurrency(1).firstDone())),
    ITEMS_READ(
            (scope, d) -> {
                List<Object> list = items(d);
                Iterable<Object> items = d.add("iterable", () -> list.iterator());
                return ended(scope.gather(items, capturing(d)::used).concurrency(1).firstDone());
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
                        promise.addDoneCallback(f -> use(held), d.add("executor", new Direct()));
                assertTrue(kept.remove());
                return List.of(kept, promise);
            }),
    STARTED_PLAN(
            (scope, d) -> {
                KeepingNothing policy = d.add("policy", new KeepingNothing());
                Gather<Object> plan = scope.gather(items(d), DroppedInput::use);
                ended(plan.using(() -> policy));
                return plan;
            });

    private final Making making;

    EndedKind(Making making) {
        this.making = making;
    }

    /** Makes the future or plan from objects that it drops. The test keeps the result. */
    Object make(TaskScope scope, DroppedObjects dropped) throws Exception {
        return making.make(scope, dropped);
    }

    @FunctionalInterface
    private interface Making {
        Object make(TaskScope scope, DroppedObjects dropped) throws Exception;
    }
}
