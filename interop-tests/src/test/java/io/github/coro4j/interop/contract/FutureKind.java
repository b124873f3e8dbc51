package io.github.coro4j.interop.contract;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The ways to come by a future: what holds for all futures is tested on each of them (S-050). */
enum FutureKind {
    TASK {
        @Override
        Hand in(TaskScope scope) {
            CompletableFuture<Object> end = new CompletableFuture<>();
            Task<Object> task = scope.start("subject", () -> endOf(end));
            return new Hand(
                    task,
                    task,
                    end::complete,
                    end::completeExceptionally,
                    UnaryOperator.identity());
        }
    },
    NAMED_TASK {
        @Override
        Hand in(TaskScope scope) {
            CompletableFuture<Object> end = new CompletableFuture<>();
            Task<Object> task = scope.start("source", () -> endOf(end));
            return new Hand(
                    task.named("subject"),
                    task,
                    end::complete,
                    end::completeExceptionally,
                    UnaryOperator.identity());
        }
    },
    PROMISE {
        @Override
        Hand in(TaskScope scope) {
            return derived(scope, promise -> promise);
        }
    },
    MAPPED {
        @Override
        Hand in(TaskScope scope) {
            return derived(scope, promise -> promise.map(value -> value));
        }
    },
    NAMED_MAPPED {
        @Override
        Hand in(TaskScope scope) {
            return derived(scope, promise -> promise.map(value -> value).named("subject"));
        }
    },
    FLAT_MAPPED {
        @Override
        Hand in(TaskScope scope) {
            return derived(
                    scope, promise -> scope.start("first", () -> 1).flatMap(first -> promise));
        }
    },
    RECOVERED {
        @Override
        Hand in(TaskScope scope) {
            return derived(
                    scope,
                    promise ->
                            promise.recover(
                                    failure -> {
                                        throw FutureKind.<RuntimeException>rethrow(failure);
                                    }));
        }
    },
    OR_TIMEOUT {
        @Override
        Hand in(TaskScope scope) {
            return derived(scope, promise -> promise.orTimeout(LONG));
        }
    },
    COMPLETE_ON_TIMEOUT {
        @Override
        Hand in(TaskScope scope) {
            return derived(scope, promise -> promise.completeOnTimeout("too late", LONG));
        }
    },
    SHIELD {
        @Override
        Hand in(TaskScope scope) {
            return derived(scope, Future::shield);
        }
    },
    FROM_STAGE {
        @Override
        Hand in(TaskScope scope) {
            CompletableFuture<Object> stage = new CompletableFuture<>();
            Future<Object> future = inside(scope, () -> Future.from(stage));
            return new Hand(
                    future,
                    future,
                    stage::complete,
                    stage::completeExceptionally,
                    UnaryOperator.identity());
        }
    },
    FROM_BLOCKING {
        @Override
        Hand in(TaskScope scope) {
            ByHand jdk = new ByHand();
            Future<Object> future = inside(scope, () -> Future.fromBlocking(jdk));
            return new Hand(future, future, jdk::set, jdk::setException, UnaryOperator.identity());
        }
    },
    GATHER_ALL {
        @Override
        Hand in(TaskScope scope) {
            Promise<Object> child = promiseIn(scope);
            return group(child, inside(scope, () -> Gather.of(child).all()));
        }
    },
    GATHER_FAIL_FAST {
        @Override
        Hand in(TaskScope scope) {
            Promise<Object> child = promiseIn(scope);
            return group(child, inside(scope, () -> Gather.of(child).failFast()));
        }
    };

    private static final Duration LONG = Duration.ofDays(1);

    /** A pending future of this kind, whose callbacks and reports are those of the scope. */
    abstract Hand in(TaskScope scope);

    /** A promise whose callbacks and reports are those of the scope. */
    static <T> Promise<T> promiseIn(TaskScope scope) {
        return inside(scope, Promise::create);
    }

    /** A future of the JDK that tells nobody of its end. */
    private static final class ByHand extends FutureTask<Object> {
        ByHand() {
            super(() -> null);
        }

        @Override
        public void set(Object value) {
            super.set(value);
        }

        @Override
        public void setException(Throwable exception) {
            super.setException(exception);
        }
    }

    /** What a body of the scope makes: promises and groups belong to the scope of the task that makes them. */
    static <T> T inside(TaskScope scope, Callable<T> body) {
        return scope.<T>start("maker", body).join();
    }

    /** Throws the very object, also where only unchecked ones compile. */
    @SuppressWarnings("unchecked")
    static <X extends Throwable> X rethrow(Throwable exception) throws X {
        throw (X) exception;
    }

    private static Object endOf(CompletableFuture<Object> end) throws Exception {
        try {
            return end.get();
        } catch (ExecutionException e) {
            throw FutureKind.<Exception>rethrow(e.getCause());
        }
    }

    private static Hand derived(
            TaskScope scope, Function<Promise<Object>, Future<Object>> derivation) {
        Promise<Object> promise = promiseIn(scope);
        return new Hand(
                derivation.apply(promise),
                promise,
                promise::complete,
                promise::fail,
                UnaryOperator.identity());
    }

    @SuppressWarnings("unchecked")
    private static Hand group(Promise<Object> child, Future<?> group) {
        return new Hand(
                (Future<Object>) group,
                child,
                child::complete,
                child::fail,
                Collections::singletonList);
    }
}
