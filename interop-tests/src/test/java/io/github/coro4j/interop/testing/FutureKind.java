package io.github.coro4j.interop.testing;

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

/** The kinds of futures. Tests of rules for all futures run with each kind. */
public enum FutureKind {
    TASK {
        @Override
        public ControlledFuture in(TaskScope scope) {
            CompletableFuture<Object> end = new CompletableFuture<>();
            Task<Object> task = scope.start("subject", () -> endOf(end));
            return new ControlledFuture(
                    task,
                    task,
                    end::complete,
                    end::completeExceptionally,
                    UnaryOperator.identity());
        }
    },
    NAMED_TASK {
        @Override
        public ControlledFuture in(TaskScope scope) {
            CompletableFuture<Object> end = new CompletableFuture<>();
            Task<Object> task = scope.start("source", () -> endOf(end));
            return new ControlledFuture(
                    task.named("subject"),
                    task,
                    end::complete,
                    end::completeExceptionally,
                    UnaryOperator.identity());
        }
    },
    PROMISE {
        @Override
        public ControlledFuture in(TaskScope scope) {
            return derived(scope, promise -> promise);
        }
    },
    MAPPED {
        @Override
        public ControlledFuture in(TaskScope scope) {
            return derived(scope, promise -> promise.map(value -> value));
        }
    },
    NAMED_MAPPED {
        @Override
        public ControlledFuture in(TaskScope scope) {
            return derived(scope, promise -> promise.map(value -> value).named("subject"));
        }
    },
    FLAT_MAPPED {
        @Override
        public ControlledFuture in(TaskScope scope) {
            return derived(
                    scope, promise -> scope.start("first", () -> 1).flatMap(first -> promise));
        }
    },
    RECOVERED {
        @Override
        public ControlledFuture in(TaskScope scope) {
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
        public ControlledFuture in(TaskScope scope) {
            return derived(scope, promise -> promise.orTimeout(LONG));
        }
    },
    COMPLETE_ON_TIMEOUT {
        @Override
        public ControlledFuture in(TaskScope scope) {
            return derived(scope, promise -> promise.completeOnTimeout("too late", LONG));
        }
    },
    SHIELD {
        @Override
        public ControlledFuture in(TaskScope scope) {
            return derived(scope, Future::shield);
        }
    },
    FROM_STAGE {
        @Override
        public ControlledFuture in(TaskScope scope) {
            CompletableFuture<Object> stage = new CompletableFuture<>();
            Future<Object> future = inside(scope, () -> Future.from(stage));
            return new ControlledFuture(
                    future,
                    future,
                    stage::complete,
                    stage::completeExceptionally,
                    UnaryOperator.identity());
        }
    },
    FROM_BLOCKING {
        @Override
        public ControlledFuture in(TaskScope scope) {
            ByHand jdk = new ByHand();
            Future<Object> future = inside(scope, () -> Future.fromBlocking(jdk));
            return new ControlledFuture(
                    future, future, jdk::set, jdk::setException, UnaryOperator.identity());
        }
    },
    GATHER_ALL {
        @Override
        public ControlledFuture in(TaskScope scope) {
            Promise<Object> child = promiseIn(scope);
            return group(child, inside(scope, () -> Gather.of(child).all()));
        }
    },
    GATHER_FAIL_FAST {
        @Override
        public ControlledFuture in(TaskScope scope) {
            Promise<Object> child = promiseIn(scope);
            return group(child, inside(scope, () -> Gather.of(child).failFast()));
        }
    };

    private static final Duration LONG = Duration.ofDays(1);

    /** Creates a pending future of this kind. Its callbacks and reports go to the scope. */
    public abstract ControlledFuture in(TaskScope scope);

    /** Creates a promise. Its callbacks and reports go to the scope. */
    public static <T> Promise<T> promiseIn(TaskScope scope) {
        return inside(scope, Promise::create);
    }

    /** A future of the JDK that has no callbacks. */
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

    /** Runs the body as a task of the scope, because promises and groups belong to the scope of their task. */
    public static <T> T inside(TaskScope scope, Callable<T> body) {
        return scope.<T>start("maker", body).join();
    }

    /** Throws the exception itself, even if it is checked. */
    @SuppressWarnings("unchecked")
    public static <X extends Throwable> X rethrow(Throwable exception) throws X {
        throw (X) exception;
    }

    private static Object endOf(CompletableFuture<Object> end) throws Exception {
        try {
            return end.get();
        } catch (ExecutionException e) {
            throw FutureKind.<Exception>rethrow(e.getCause());
        }
    }

    private static ControlledFuture derived(
            TaskScope scope, Function<Promise<Object>, Future<Object>> derivation) {
        Promise<Object> promise = promiseIn(scope);
        return new ControlledFuture(
                derivation.apply(promise),
                promise,
                promise::complete,
                promise::fail,
                UnaryOperator.identity());
    }

    @SuppressWarnings("unchecked")
    private static ControlledFuture group(Promise<Object> child, Future<?> group) {
        return new ControlledFuture(
                (Future<Object>) group,
                child,
                child::complete,
                child::fail,
                Collections::singletonList);
    }
}
