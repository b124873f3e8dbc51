package io.github.coro4j.interop.gather;

import io.github.coro4j.Gather;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Where the children of a group come from; all kinds of plan promise the same. */
enum Origin {
    /** Tasks that run already. */
    EXISTING {
        @Override
        Gather<String> plan(TaskScope scope, List<Callable<String>> bodies) {
            List<Task<String>> tasks = new ArrayList<>();
            for (Callable<String> body : bodies) {
                tasks.add(scope.start(nameOf(tasks.size()), body));
            }
            return Gather.of(tasks).named(GROUP);
        }
    },
    /** Bodies that the plan starts. */
    STARTED {
        @Override
        Gather<String> plan(TaskScope scope, List<Callable<String>> bodies) {
            return scope.gather(bodies).named(GROUP);
        }
    },
    /** Asynchronous work that the plan starts: here, tasks of the same scope, named by {@link #workOf}. */
    ASYNC {
        @Override
        Gather<String> plan(TaskScope scope, List<Callable<String>> bodies) {
            return scope.gatherAsync(
                            bodies,
                            body -> {
                                Task<?> child = Task.current();
                                return scope.start(
                                        workOf(child.name()),
                                        () -> {
                                            awaitFollowed(child);
                                            return body.call();
                                        });
                            })
                    .named(GROUP);
        }
    };

    static final String GROUP = "pages";

    /** Makes a plan named {@link #GROUP}, whose children have the names that {@link #nameOf} gives. */
    abstract Gather<String> plan(TaskScope scope, List<Callable<String>> bodies);

    /** Waits until the child waits for its task, unless a cancel comes first. */
    private static void awaitFollowed(Task<?> child) {
        while (!child.isCancelling() && !child.toString().contains("waiting for task")) {
            Thread.onSpinWait();
        }
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    final Gather<String> plan(TaskScope scope, Callable<String>... bodies) {
        return plan(scope, List.of(bodies));
    }

    /** Returns the name of the task that the child with this name follows, for {@link #ASYNC}. */
    static String workOf(String child) {
        return "work of " + child;
    }

    static String nameOf(int index) {
        return GROUP + "[" + index + "]";
    }

    /** Waits until the child at an index of a plan is a task, and returns it. The child must not have ended. */
    static Task<?> child(int index, TaskScope scope) {
        while (true) {
            for (Task<?> task : scope.tasks()) {
                if (task.name().equals(nameOf(index))) {
                    return task;
                }
            }
            Thread.onSpinWait();
        }
    }
}
