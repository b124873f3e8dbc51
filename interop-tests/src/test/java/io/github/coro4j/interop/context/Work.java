package io.github.coro4j.interop.context;

import io.github.coro4j.Combination;
import io.github.coro4j.FailureReport.Kind;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.GatherPolicy;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;

/** All user code that runs for somebody else's thread, and how often it looks at what its own thread holds. */
public enum Work {
    BODY(1) {
        @Override
        void run(Bench bench) {
            bench.scope().start(bench::look).join();
        }
    },
    SUBMITTED_TO_THE_EXECUTOR_VIEW(4) {
        @Override
        void run(Bench bench) throws Exception {
            ExecutorService view = bench.scope().asExecutorService();
            view.submit(bench::look).get();
            view.invokeAll(List.of(bench::look)).get(0).get();
            view.invokeAny(List.of(bench::look));
            CompletableFuture.supplyAsync(bench::look, view).get();
        }
    },
    BODY_WITHOUT_A_VALUE(1) {
        @Override
        void run(Bench bench) {
            bench.scope().launch("launched", bench::look).join();
        }
    },
    BODY_THAT_THROWS(1) {
        @Override
        void run(Bench bench) {
            Task<String> task =
                    bench.scope()
                            .start(
                                    () -> {
                                        bench.look();
                                        throw new IOException("read");
                                    });
            task.joinOutcome();
        }
    },
    BODY_STARTED_IN_A_BODY(1) {
        @Override
        void run(Bench bench) {
            bench.scope().start(() -> Task.start(bench::look).join()).join();
        }
    },
    BODY_IN_AN_INNER_SCOPE(1) {
        @Override
        void run(Bench bench) {
            bench.scope()
                    .start(
                            () -> {
                                try (TaskScope inner = TaskScope.open("inner")) {
                                    return inner.start(bench::look).join();
                                }
                            })
                    .join();
        }
    },
    CALLBACK(1) {
        @Override
        void run(Bench bench) throws InterruptedException {
            Promise<String> promise = bench.promise();
            promise.addDoneCallback(done -> bench.look());
            bench.elsewhere(() -> promise.complete("value"));
        }
    },
    CALLBACK_OF_WHAT_IS_DONE(1) {
        @Override
        void run(Bench bench) {
            Promise<String> promise = bench.promise();
            promise.complete("value");
            promise.addDoneCallback(done -> bench.look());
        }
    },
    CALLBACK_THAT_THROWS(1) {
        @Override
        void run(Bench bench) {
            Promise<String> promise = bench.promise();
            promise.addDoneCallback(
                    done -> {
                        bench.look();
                        throw new IllegalStateException("in the callback");
                    });
            promise.complete("value");
        }

        @Override
        List<Kind> reports() {
            return List.of(Kind.CALLBACK_FAILED);
        }
    },
    CALLBACK_ON_AN_EXECUTOR(1) {
        @Override
        void run(Bench bench) throws InterruptedException {
            Promise<String> promise = bench.promise();
            promise.addDoneCallback(done -> bench.look(), Runnable::run);
            bench.elsewhere(() -> promise.complete("value"));
        }
    },
    DEPENDENT_OF_A_COMPLETABLE_FUTURE(1) {
        @Override
        void run(Bench bench) throws InterruptedException {
            Promise<String> promise = bench.promise();
            promise.toCompletableFuture().thenAccept(value -> bench.look());
            bench.elsewhere(() -> promise.complete("value"));
        }
    },
    MAP(1) {
        @Override
        void run(Bench bench) throws InterruptedException {
            Promise<String> promise = bench.promise();
            Future<String> mapped = promise.map(value -> bench.look());
            bench.elsewhere(() -> promise.complete("value"));
            mapped.join();
        }
    },
    MAP_OF_WHAT_IS_DONE(1) {
        @Override
        void run(Bench bench) {
            bench.scope().start(() -> "value").map(value -> bench.look()).join();
        }
    },
    FLAT_MAP(1) {
        @Override
        void run(Bench bench) throws InterruptedException {
            Promise<String> promise = bench.promise();
            Future<String> mapped = promise.flatMap(value -> Future.completed(bench.look()));
            bench.elsewhere(() -> promise.complete("value"));
            mapped.join();
        }
    },
    RECOVER(1) {
        @Override
        void run(Bench bench) throws InterruptedException {
            Promise<String> promise = bench.promise();
            Future<String> recovered = promise.recover(failure -> bench.look());
            bench.elsewhere(() -> promise.fail(new IOException("read")));
            recovered.join();
        }
    },
    COMBINATION(1) {
        @Override
        void run(Bench bench) throws InterruptedException {
            Promise<String> promise = bench.promise();
            Future<String> combined =
                    bench.scope()
                            .start(
                                    () ->
                                            Combination.of(promise, promise, (a, b) -> bench.look())
                                                    .all())
                            .join();
            bench.elsewhere(() -> promise.complete("value"));
            combined.join();
        }
    },
    CHILDREN(3) {
        @Override
        void run(Bench bench) {
            bench.scope().gather(List.of(1, 2, 3), item -> bench.look()).all().join();
        }
    },
    CHILDREN_OF_BODIES(2) {
        @Override
        void run(Bench bench) {
            bench.scope().gather(List.of(bench::look, bench::look)).settled().join();
        }
    },
    CHILDREN_UNDER_A_LIMIT(3) {
        @Override
        void run(Bench bench) {
            bench.scope()
                    .gather(List.of(1, 2, 3), item -> bench.look())
                    .concurrency(1)
                    .all()
                    .join();
        }
    },
    ITEMS_READ_UNDER_A_LIMIT(4) {
        @Override
        void run(Bench bench) {
            Iterable<Integer> items =
                    () -> {
                        Iterator<Integer> all = List.of(1, 2).iterator();
                        return new Iterator<>() {
                            @Override
                            public boolean hasNext() {
                                return all.hasNext();
                            }

                            @Override
                            public Integer next() {
                                // Several may be read by one thread, one after the other.
                                bench.lookAndLeaveAlone();
                                return all.next();
                            }
                        };
                    };
            bench.scope().gather(items, item -> bench.look()).concurrency(1).all().join();
        }
    },
    CHILDREN_AS_COMPLETED(2) {
        @Override
        void run(Bench bench) {
            bench.scope()
                    .gather(List.of(1, 2), item -> bench.look())
                    .asCompleted()
                    .forEach(each -> {});
        }
    },
    HEDGE(2) {
        @Override
        void run(Bench bench) {
            bench.scope()
                    .hedge(
                            2,
                            Duration.ofDays(1),
                            attempt -> {
                                bench.look();
                                if (attempt == 0) {
                                    throw new IOException("the next one, please");
                                }
                                return attempt;
                            })
                    .join();
        }

        @Override
        List<Kind> reports() {
            return List.of(Kind.UNREAD_FAILURE);
        }
    },
    PROGRESS(2) {
        @Override
        void run(Bench bench) {
            bench.scope()
                    .gather(List.of(1, 2), item -> item)
                    .onProgress(progress -> bench.look())
                    .all()
                    .join();
        }
    },
    PROGRESS_OF_FUTURES(2) {
        @Override
        void run(Bench bench) throws InterruptedException {
            Promise<String> promise = bench.promise();
            Future<List<String>> all =
                    bench.scope()
                            .start(
                                    () ->
                                            Gather.of(promise, promise)
                                                    .onProgress(progress -> bench.look())
                                                    .all())
                            .join();
            bench.elsewhere(() -> promise.complete("value"));
            all.join();
        }
    },
    PROGRESS_OF_KEYED_FUTURES(1) {
        @Override
        void run(Bench bench) throws InterruptedException {
            Promise<String> promise = bench.promise();
            Future<Map<String, String>> all =
                    bench.scope()
                            .start(
                                    () ->
                                            Gather.keyed(Map.of("key", promise))
                                                    .onProgress(progress -> bench.look())
                                                    .all())
                            .join();
            bench.elsewhere(() -> promise.complete("value"));
            all.join();
        }
    },
    POLICY_OF_THE_USERS(3) {
        @Override
        void run(Bench bench) {
            GatherPolicy<Integer, String> policy =
                    new GatherPolicy<>() {
                        @Override
                        public Decision ended(int index, Outcome<Integer> outcome) {
                            bench.look();
                            return Decision.GO_ON;
                        }

                        @Override
                        public String result() {
                            return bench.look();
                        }
                    };
            bench.scope().gather(List.of(1, 2), item -> item).using(() -> policy).join();
        }
    };

    private final int looks;

    Work(int looks) {
        this.looks = looks;
    }

    /** Starts it, or adds it, on the calling thread, which holds what is to be propagated. */
    abstract void run(Bench bench) throws Exception;

    int looks() {
        return looks;
    }

    /** What is reported on the way. */
    List<Kind> reports() {
        return List.of();
    }
}
