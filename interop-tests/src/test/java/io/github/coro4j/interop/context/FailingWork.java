package io.github.coro4j.interop.context;

import io.github.coro4j.ConcurrencyLimit;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.GatherPolicy;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.coroutines.Suspend;
import io.github.coro4j.interop.testing.Gate;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Work that fails and that no code reads, with what its report names, and the tenant there. */
enum FailingWork {
    TASK("task \"work\"") {
        @Override
        Future<?> fail(TaskScope scope, Promise<String> promise, IOException boom) {
            return scope.start("work", () -> thrown(boom));
        }
    },
    SUSPEND_BODY("task \"work\"") {
        @Override
        Future<?> fail(TaskScope scope, Promise<String> promise, IOException boom) {
            return Suspend.call(
                    scope,
                    "work",
                    c -> {
                        throw boom;
                    });
        }
    },
    TASK_OF_A_LIMIT("task \"work\"") {
        @Override
        Future<?> fail(TaskScope scope, Promise<String> promise, IOException boom) {
            return ConcurrencyLimit.of("backend", 1).start(scope, "work", () -> thrown(boom));
        }
    },
    MAP("future \"work\"") {
        @Override
        Future<?> fail(TaskScope scope, Promise<String> promise, IOException boom) {
            Future<?> mapped = promise.map(value -> thrown(boom)).named("work");
            promise.complete("value");
            return mapped;
        }
    },
    MAP_THAT_PASSES_ON("future \"work\"") {
        @Override
        Future<?> fail(TaskScope scope, Promise<String> promise, IOException boom) {
            Future<?> mapped = promise.map(value -> value).named("work");
            promise.fail(boom);
            return mapped;
        }
    },
    FLAT_MAP("future \"work\"") {
        @Override
        Future<?> fail(TaskScope scope, Promise<String> promise, IOException boom) {
            Future<?> mapped = promise.flatMap(value -> thrown(boom)).named("work");
            promise.complete("value");
            return mapped;
        }
    },
    FLAT_MAP_THAT_FOLLOWS("future \"work\"") {
        @Override
        Future<?> fail(TaskScope scope, Promise<String> promise, IOException boom) {
            Future<?> mapped =
                    promise.flatMap(value -> scope.start("inner", () -> thrown(boom)))
                            .named("work");
            promise.complete("value");
            return mapped;
        }
    },
    RECOVER("future \"work\"") {
        @Override
        Future<?> fail(TaskScope scope, Promise<String> promise, IOException boom) {
            Future<?> recovered = promise.recover(failure -> thrown(boom)).named("work");
            promise.fail(new IOException("recovered"));
            return recovered;
        }
    },
    OR_TIMEOUT("future \"work\"") {
        @Override
        Future<?> fail(TaskScope scope, Promise<String> promise, IOException boom) {
            return scope.start(() -> thrown(boom)).orTimeout(LONG).named("work");
        }
    },
    SHIELD("future \"work\"") {
        @Override
        Future<?> fail(TaskScope scope, Promise<String> promise, IOException boom) {
            return scope.start(() -> thrown(boom)).shield().named("work");
        }
    },
    NAMED("future \"work\"") {
        @Override
        Future<?> fail(TaskScope scope, Promise<String> promise, IOException boom) {
            return scope.start(() -> thrown(boom)).named("work");
        }
    },
    CHAIN("future \"work\"") {
        @Override
        Future<?> fail(TaskScope scope, Promise<String> promise, IOException boom) {
            return scope.start(() -> thrown(boom))
                    .orTimeout(LONG)
                    .shield()
                    .completeOnTimeout("late", LONG)
                    .named("work");
        }
    },
    GATHER("gather \"work\"") {
        @Override
        Future<?> fail(TaskScope scope, Promise<String> promise, IOException boom) {
            return scope.gather(List.of(1), item -> thrown(boom)).named("work").failFast();
        }
    },
    GATHER_THAT_TIMES_OUT("gather \"work\"") {
        @Override
        Future<?> fail(TaskScope scope, Promise<String> promise, IOException boom) {
            return scope.gather(List.of(1), item -> blocked())
                    .named("work")
                    .timeout(Duration.ofNanos(1))
                    .all();
        }
    },
    CHILD("task \"work[0]\"") {
        @Override
        Future<?> fail(TaskScope scope, Promise<String> promise, IOException boom) {
            return scope.gather(List.of(1), item -> thrown(boom)).named("work").settled();
        }
    },
    CHILD_THAT_FOLLOWS("task \"work[0]\"") {
        @Override
        Future<?> fail(TaskScope scope, Promise<String> promise, IOException boom) {
            Future<?> group =
                    scope.gatherAsync(List.of(1), item -> promise).named("work").settled();
            promise.fail(boom);
            return group;
        }
    },
    SUSPENDED_CHILD("task \"work[0]\"") {
        @Override
        Future<?> fail(TaskScope scope, Promise<String> promise, IOException boom) {
            return Suspend.<Integer, String>gather(
                            scope,
                            List.of(1),
                            (item, c) -> {
                                throw boom;
                            })
                    .named("work")
                    .settled();
        }
    },
    GATHER_OF_FUTURES("gather \"work\"") {
        @Override
        Future<?> fail(TaskScope scope, Promise<String> promise, IOException boom)
                throws InterruptedException {
            Gate gate = new Gate();
            Task<String> task =
                    scope.start(
                            () -> {
                                gate.pass();
                                return thrown(boom);
                            });
            Future<?> group = scope.start(() -> Gather.of(task).named("work").all()).join();
            gate.open();
            return group;
        }
    },
    POLICY("gather \"work\"") {
        @Override
        Future<?> fail(TaskScope scope, Promise<String> promise, IOException boom) {
            return scope.gather(List.of(1), item -> item)
                    .named("work")
                    .using(() -> new Throwing(new IllegalStateException(boom)));
        }
    },
    // No code of the user fails, and nothing was captured, so the listener sees its own thread.
    PROMISE("promise \"work\"", "closer") {
        @Override
        Future<?> fail(TaskScope scope, Promise<String> promise, IOException boom) {
            promise.named("work");
            promise.fail(boom);
            return promise;
        }
    };

    private static final Duration LONG = Duration.ofDays(1);

    /** The label of the future in the report. */
    final String label;

    /** The tenant that the failure listener sees. */
    final String tenant;

    FailingWork(String label) {
        this(label, "acme");
    }

    FailingWork(String label, String tenant) {
        this.label = label;
        this.tenant = tenant;
    }

    /** Starts the work, and returns a future that ends when it has failed. */
    abstract Future<?> fail(TaskScope scope, Promise<String> promise, IOException boom)
            throws Exception;

    static <T> T thrown(IOException exception) throws IOException {
        throw exception;
    }

    private static String blocked() throws InterruptedException {
        TimeUnit.DAYS.sleep(1);
        return "never";
    }

    private record Throwing(RuntimeException exception) implements GatherPolicy<Integer, String> {
        @Override
        public Decision ended(int index, Outcome<Integer> outcome) {
            throw exception;
        }

        @Override
        public String result() {
            return "result";
        }
    }
}
