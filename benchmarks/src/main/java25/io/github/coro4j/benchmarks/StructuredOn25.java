package io.github.coro4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Joiner;
import java.util.concurrent.StructuredTaskScope.Subtask;

/** The one class for JDK 25; loaded by its name. */
final class StructuredOn25 implements Structured {
    @Override
    public List<Integer> gather(List<Callable<Integer>> bodies) throws InterruptedException {
        try (var scope = StructuredTaskScope.open(Joiner.<Integer>awaitAllSuccessfulOrThrow())) {
            List<Subtask<Integer>> subtasks = new ArrayList<>(bodies.size());
            for (Callable<Integer> body : bodies) {
                subtasks.add(scope.fork(body));
            }
            scope.join();
            List<Integer> values = new ArrayList<>(bodies.size());
            for (Subtask<Integer> subtask : subtasks) {
                values.add(subtask.get());
            }
            return values;
        }
    }

    @Override
    public Throwable failFast(List<Callable<Integer>> bodies) throws InterruptedException {
        try {
            gather(bodies);
            return null;
        } catch (StructuredTaskScope.FailedException e) {
            return e.getCause();
        }
    }

    @Override
    public int request(Callable<Integer> body) throws InterruptedException {
        try (var scope = StructuredTaskScope.open()) {
            Subtask<Integer> subtask = scope.fork(body);
            scope.join();
            return subtask.get();
        }
    }

    @Override
    public int emptyScope(int value) {
        try (var scope = StructuredTaskScope.open()) {
            return value;
        }
    }
}
