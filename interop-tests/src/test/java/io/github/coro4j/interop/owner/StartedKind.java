package io.github.coro4j.interop.owner;

import io.github.coro4j.ConcurrencyLimit;
import io.github.coro4j.Future;
import io.github.coro4j.TaskScope;
import java.util.List;
import java.util.concurrent.Callable;

/** A way in which a body starts work in its scope. The work calls the given body. */
enum StartedKind {
    TASK {
        @Override
        Future<?> start(TaskScope scope, Callable<String> body) {
            return scope.start("load", body);
        }
    },
    TASK_UNDER_A_LIMIT {
        @Override
        Future<?> start(TaskScope scope, Callable<String> body) {
            return ConcurrencyLimit.of(1).start(scope, "load", body);
        }
    },
    LAUNCH {
        @Override
        Future<?> start(TaskScope scope, Callable<String> body) {
            return scope.launch("load", body::call);
        }
    },
    GATHER {
        @Override
        Future<?> start(TaskScope scope, Callable<String> body) {
            return scope.gather(List.of(1), item -> body.call()).all();
        }
    },
    LIMITED_GATHER {
        @Override
        Future<?> start(TaskScope scope, Callable<String> body) {
            return scope.gather(List.of(1, 2, 3), item -> body.call()).concurrency(1).settled();
        }
    },
    HEDGE {
        @Override
        Future<?> start(TaskScope scope, Callable<String> body) {
            return scope.hedge(1, java.time.Duration.ofDays(1), attempt -> body.call());
        }
    },
    TASK_OF_A_TASK {
        @Override
        Future<?> start(TaskScope scope, Callable<String> body) {
            return scope.start("middle", () -> scope.start("load", body).join());
        }
    },
    TASK_OF_A_MEMBER {
        @Override
        Future<?> start(TaskScope scope, Callable<String> body) {
            return scope.gather(
                            List.of(1, 2),
                            item -> item == 1 ? scope.start("load", body).join() : "")
                    .failFast();
        }
    },
    MAP {
        @Override
        Future<?> start(TaskScope scope, Callable<String> body) {
            return scope.start(() -> "user").map(user -> body.call());
        }
    },
    RECOVER {
        @Override
        Future<?> start(TaskScope scope, Callable<String> body) {
            return scope.start(
                            () -> {
                                throw new IllegalStateException("no user");
                            })
                    .recover(failure -> body.call());
        }
    },
    FLAT_MAP_FUNCTION {
        @Override
        Future<?> start(TaskScope scope, Callable<String> body) {
            return scope.start(() -> "user")
                    .flatMap(
                            user -> {
                                body.call();
                                return scope.start(() -> user);
                            });
        }
    },
    FLAT_MAP_TO_A_TASK {
        @Override
        Future<?> start(TaskScope scope, Callable<String> body) {
            return scope.start(() -> "user").flatMap(user -> scope.start("load", body));
        }
    },
    FLAT_MAP_TO_A_FLAT_MAP {
        @Override
        Future<?> start(TaskScope scope, Callable<String> body) {
            return scope.start(() -> "user")
                    .flatMap(
                            user ->
                                    scope.start(() -> "name")
                                            .flatMap(name -> scope.start("load", body)));
        }
    };

    /** Starts the work, and returns its future. */
    abstract Future<?> start(TaskScope scope, Callable<String> body);
}
