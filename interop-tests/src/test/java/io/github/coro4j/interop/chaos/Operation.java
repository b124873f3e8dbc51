package io.github.coro4j.interop.chaos;

import java.util.List;
import java.util.stream.Stream;

/**
 * An operation that an {@link Actor} may perform. To add an operation, write a method in the class of its noun, with a comment
 * that says what it does and books, and add it to the list of that class.
 *
 * @param name the name in the text of the plan
 * @param weight how often the plan draws it, relative to the others
 * @param programs the largest number of programs for the bodies that it starts; if that is not zero, it gets at least one
 * @param work the code that performs it
 */
record Operation(String name, int weight, int programs, Work work) {

    /** Performs a step. It may throw the exceptions of waits, but no exception that {@link Actor#judge} books as wrong. */
    @FunctionalInterface
    interface Work {
        void perform(Actor actor, Plan.Step step) throws Exception;
    }

    static final List<Operation> ALL =
            Stream.of(
                            Starting.OPERATIONS,
                            Scopes.OPERATIONS,
                            Groups.OPERATIONS,
                            Typed.OPERATIONS,
                            Promises.OPERATIONS,
                            Deriving.OPERATIONS,
                            Readings.OPERATIONS,
                            Stopping.OPERATIONS,
                            Hooks.OPERATIONS,
                            Limits.OPERATIONS,
                            Callbacks.OPERATIONS,
                            Suspending.OPERATIONS,
                            Coroutines.OPERATIONS,
                            Views.OPERATIONS,
                            Streaming.OPERATIONS,
                            Circles.OPERATIONS)
                    .flatMap(List::stream)
                    .toList();
}
