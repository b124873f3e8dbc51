package io.github.coro4j.interop.testing;

import io.github.coro4j.Combination;
import io.github.coro4j.FailureReport.Kind;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;

/** All kinds of user code that run for another thread, each with the number of its looks at its own thread's value. */
public enum UserCode {
    BODY(1, probe -> probe.scope().start(probe::look).join()),
    SUBMITTED_TO_THE_EXECUTOR_VIEW(
            4,
            probe -> {
                ExecutorService view = probe.scope().asExecutorService();
                view.submit(probe::look).get();
                view.invokeAll(List.of(probe::look)).get(0).get();
                view.invokeAny(List.of(probe::look));
                CompletableFuture.supplyAsync(probe::look, view).get();
            }),
    BODY_WITHOUT_A_VALUE(1, probe -> probe.scope().launch("launched", probe::look).join()),
    BODY_THAT_THROWS(
            1,
            probe -> {
                Task<String> task =
                        probe.scope()
                                .start(
                                        () -> {
                                            probe.look();
                                            throw new IOException("read");
                                        });
                task.joinOutcome();
            }),
    BODY_STARTED_IN_A_BODY(
            1, probe -> probe.scope().start(() -> Task.start(probe::look).join()).join()),
    BODY_IN_AN_INNER_SCOPE(
            1,
            probe -> {
                probe.scope()
                        .start(
                                () -> {
                                    try (TaskScope inner = TaskScope.open("inner")) {
                                        return inner.start(probe::look).join();
                                    }
                                })
                        .join();
            }),
    CALLBACK(
            1,
            probe -> {
                Promise<String> promise = probe.promise();
                promise.addDoneCallback(done -> probe.look());
                probe.elsewhere(() -> promise.complete("value"));
            }),
    CALLBACK_OF_WHAT_IS_DONE(
            1,
            probe -> {
                Promise<String> promise = probe.promise();
                promise.complete("value");
                promise.addDoneCallback(done -> probe.look());
            }),
    CALLBACK_THAT_THROWS(
            1,
            Kind.CALLBACK_FAILED,
            probe -> {
                Promise<String> promise = probe.promise();
                promise.addDoneCallback(
                        done -> {
                            probe.look();
                            throw new IllegalStateException("in the callback");
                        });
                promise.complete("value");
            }),
    CALLBACK_ON_AN_EXECUTOR(
            1,
            probe -> {
                Promise<String> promise = probe.promise();
                promise.addDoneCallback(done -> probe.look(), Runnable::run);
                probe.elsewhere(() -> promise.complete("value"));
            }),
    DEPENDENT_OF_A_COMPLETABLE_FUTURE(
            1,
            probe -> {
                Promise<String> promise = probe.promise();
                promise.toCompletableFuture().thenAccept(value -> probe.look());
                probe.elsewhere(() -> promise.complete("value"));
            }),
    MAP(
            1,
            probe -> {
                Promise<String> promise = probe.promise();
                Future<String> mapped = promise.map(value -> probe.look());
                probe.elsewhere(() -> promise.complete("value"));
                mapped.join();
            }),
    MAP_OF_WHAT_IS_DONE(
            1, probe -> probe.scope().start(() -> "value").map(value -> probe.look()).join()),
    FLAT_MAP(
            1,
            probe -> {
                Promise<String> promise = probe.promise();
                Future<String> mapped = promise.flatMap(value -> Future.completed(probe.look()));
                probe.elsewhere(() -> promise.complete("value"));
                mapped.join();
            }),
    RECOVER(
            1,
            probe -> {
                Promise<String> promise = probe.promise();
                Future<String> recovered = promise.recover(failure -> probe.look());
                probe.elsewhere(() -> promise.fail(new IOException("read")));
                recovered.join();
            }),
    COMBINATION(
            1,
            probe -> {
                Promise<String> promise = probe.promise();
                Future<String> combined =
                        probe.scope()
                                .start(
                                        () ->
                                                Combination.of(
                                                                promise,
                                                                promise,
                                                                (a, b) -> probe.look())
                                                        .all())
                                .join();
                probe.elsewhere(() -> promise.complete("value"));
                combined.join();
            }),
    CHILDREN(3, probe -> probe.scope().gather(List.of(1, 2, 3), item -> probe.look()).all().join()),
    CHILDREN_OF_BODIES(
            2, probe -> probe.scope().gather(List.of(probe::look, probe::look)).settled().join()),
    CHILDREN_UNDER_A_LIMIT(
            3,
            probe ->
                    probe.scope()
                            .gather(List.of(1, 2, 3), item -> probe.look())
                            .concurrency(1)
                            .all()
                            .join()),
    ITEMS_READ_UNDER_A_LIMIT(
            4,
            probe ->
                    probe.scope()
                            .gather(probe.items(), item -> probe.look())
                            .concurrency(1)
                            .all()
                            .join()),
    CHILDREN_AS_COMPLETED(
            2,
            probe ->
                    probe.scope()
                            .gather(List.of(1, 2), item -> probe.look())
                            .asCompleted()
                            .forEach(each -> {})),
    HEDGE(
            2,
            Kind.UNREAD_FAILURE,
            probe -> {
                probe.scope()
                        .hedge(
                                2,
                                Duration.ofDays(1),
                                attempt -> {
                                    probe.look();
                                    if (attempt == 0) {
                                        throw new IOException("the next one, please");
                                    }
                                    return attempt;
                                })
                        .join();
            }),
    PROGRESS(
            2,
            probe ->
                    probe.scope()
                            .gather(List.of(1, 2), item -> item)
                            .onProgress(progress -> probe.look())
                            .all()
                            .join()),
    PROGRESS_OF_FUTURES(
            2,
            probe -> {
                Promise<String> promise = probe.promise();
                Future<List<String>> all =
                        probe.scope()
                                .start(
                                        () ->
                                                Gather.of(promise, promise)
                                                        .onProgress(progress -> probe.look())
                                                        .all())
                                .join();
                probe.elsewhere(() -> promise.complete("value"));
                all.join();
            }),
    PROGRESS_OF_KEYED_FUTURES(
            1,
            probe -> {
                Promise<String> promise = probe.promise();
                Future<Map<String, String>> all =
                        probe.scope()
                                .start(
                                        () ->
                                                Gather.keyed(Map.of("key", promise))
                                                        .onProgress(progress -> probe.look())
                                                        .all())
                                .join();
                probe.elsewhere(() -> promise.complete("value"));
                all.join();
            }),
    POLICY_OF_THE_USERS(
            3,
            probe -> probe.scope().gather(List.of(1, 2), item -> item).using(probe::policy).join());

    private interface Body {
        void run(ContextProbe probe) throws Exception;
    }

    private final int looks;
    private final List<Kind> reports;
    private final Body body;

    UserCode(int looks, Body body) {
        this.looks = looks;
        this.reports = List.of();
        this.body = body;
    }

    UserCode(int looks, Kind report, Body body) {
        this.looks = looks;
        this.reports = List.of(report);
        this.body = body;
    }

    /** Starts or adds the user code on the calling thread, which holds the value to propagate. */
    void run(ContextProbe probe) throws Exception {
        body.run(probe);
    }

    int looks() {
        return looks;
    }

    /** Returns the kinds of the reports that the code causes. */
    List<Kind> reports() {
        return reports;
    }
}
