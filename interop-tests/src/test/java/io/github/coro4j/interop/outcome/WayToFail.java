package io.github.coro4j.interop.outcome;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.GatherPolicy;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.TaskScope;
import io.github.coro4j.coroutines.Suspend;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The places where user code throws or passes an exception, so that a future ends with it. */
enum WayToFail {
    BODY {
        @Override
        Future<?> fail(TaskScope scope, Throwable exception) {
            return scope.start(thrower(exception));
        }
    },
    ACTION {
        @Override
        Future<?> fail(TaskScope scope, Throwable exception) {
            return scope.launch(
                    () -> {
                        throw BrokenException.<RuntimeException>rethrow(exception);
                    });
        }
    },
    SUSPEND_BODY {
        @Override
        Future<?> fail(TaskScope scope, Throwable exception) {
            return Suspend.call(
                    scope,
                    continuation -> {
                        throw BrokenException.<RuntimeException>rethrow(exception);
                    });
        }
    },
    PROMISE {
        @Override
        Future<?> fail(TaskScope scope, Throwable exception) {
            Promise<Object> promise = Promise.create();
            promise.fail(exception);
            return promise;
        }
    },
    FAILED {
        @Override
        Future<?> fail(TaskScope scope, Throwable exception) {
            return Future.failed(exception);
        }
    },
    STAGE {
        @Override
        Future<?> fail(TaskScope scope, Throwable exception) {
            return Future.from(CompletableFuture.failedFuture(exception));
        }
    },
    JDK_FUTURE {
        @Override
        Future<?> fail(TaskScope scope, Throwable exception) {
            // The get() of the JDK would call toString() of the exception.
            FutureTask<Object> task =
                    new FutureTask<>(() -> null) {
                        @Override
                        public Object get() throws ExecutionException {
                            throw new ExecutionException("failed", exception);
                        }
                    };
            task.run();
            return Future.fromBlocking(task);
        }
    },
    MAP {
        @Override
        Future<?> fail(TaskScope scope, Throwable exception) {
            return scope.start(() -> 1)
                    .map(
                            one -> {
                                throw BrokenException.<RuntimeException>rethrow(exception);
                            });
        }
    },
    FLAT_MAP {
        @Override
        Future<?> fail(TaskScope scope, Throwable exception) {
            return scope.start(() -> 1)
                    .flatMap(
                            one -> {
                                throw BrokenException.<RuntimeException>rethrow(exception);
                            });
        }
    },
    FLAT_MAPPED {
        @Override
        Future<?> fail(TaskScope scope, Throwable exception) {
            return scope.start(() -> 1).flatMap(one -> Future.failed(exception));
        }
    },
    RECOVER {
        @Override
        Future<?> fail(TaskScope scope, Throwable exception) {
            return scope.start(thrower(new IllegalStateException()))
                    .recover(
                            first -> {
                                throw BrokenException.<RuntimeException>rethrow(exception);
                            });
        }
    },
    MAPPED {
        @Override
        Future<?> fail(TaskScope scope, Throwable exception) {
            return scope.start(thrower(exception)).map(never -> never);
        }
    },
    OR_TIMEOUT {
        @Override
        Future<?> fail(TaskScope scope, Throwable exception) {
            return scope.start(thrower(exception)).orTimeout(Duration.ofHours(1));
        }
    },
    SHIELD {
        @Override
        Future<?> fail(TaskScope scope, Throwable exception) {
            return scope.start(thrower(exception)).shield();
        }
    },
    ALL {
        @Override
        Future<?> fail(TaskScope scope, Throwable exception) {
            return bodies(scope, exception).all();
        }
    },
    FAIL_FAST {
        @Override
        Future<?> fail(TaskScope scope, Throwable exception) {
            return bodies(scope, exception).failFast();
        }
    },
    FIRST_SUCCESS {
        @Override
        Future<?> fail(TaskScope scope, Throwable exception) {
            return scope.gather(List.of(1), item -> thrower(exception).call()).firstSuccess();
        }
    },
    AT_LEAST {
        @Override
        Future<?> fail(TaskScope scope, Throwable exception) {
            return bodies(scope, exception).atLeast(2);
        }
    },
    GATHERED {
        @Override
        Future<?> fail(TaskScope scope, Throwable exception) {
            return Gather.of(scope.start(() -> 1), scope.start(thrower(exception))).failFast();
        }
    },
    LIMITED {
        @Override
        Future<?> fail(TaskScope scope, Throwable exception) {
            return bodies(scope, exception).concurrency(1).failFast();
        }
    },
    ITERATOR {
        @Override
        Future<?> fail(TaskScope scope, Throwable exception) {
            Iterable<Integer> items =
                    () ->
                            new Iterator<>() {
                                @Override
                                public boolean hasNext() {
                                    return true;
                                }

                                @Override
                                public Integer next() {
                                    throw BrokenException.<RuntimeException>rethrow(exception);
                                }
                            };
            return scope.gather(items, item -> item).concurrency(2).all();
        }
    },
    POLICY {
        @Override
        Future<?> fail(TaskScope scope, Throwable exception) {
            return scope.gather(List.of(1, 2), item -> item).using(() -> new Refusing(exception));
        }
    },
    HEDGE {
        @Override
        Future<?> fail(TaskScope scope, Throwable exception) {
            return scope.hedge(2, Duration.ofHours(1), attempt -> thrower(exception).call());
        }
    };

    /** Returns a future that ends with the exception, unless it is cancelled. */
    abstract Future<?> fail(TaskScope scope, Throwable exception);

    private static Callable<Object> thrower(Throwable exception) {
        return () -> {
            throw BrokenException.<RuntimeException>rethrow(exception);
        };
    }

    private static Gather<Object> bodies(TaskScope scope, Throwable exception) {
        return scope.gather(
                List.of(1, 2),
                item -> {
                    if (item == 1) {
                        throw BrokenException.<RuntimeException>rethrow(exception);
                    }
                    return item;
                });
    }

    private static final class Refusing implements GatherPolicy<Integer, Object> {
        private final Throwable exception;

        Refusing(Throwable exception) {
            this.exception = exception;
        }

        @Override
        public Decision ended(int index, Outcome<Integer> outcome) {
            throw BrokenException.<RuntimeException>rethrow(exception);
        }

        @Override
        public Object result() {
            return "never called";
        }
    }
}
