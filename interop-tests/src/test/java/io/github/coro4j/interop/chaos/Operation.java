package io.github.coro4j.interop.chaos;

import java.util.List;
import java.util.stream.Stream;

/**
 * Something that an {@link Actor} may do. To have a new operation tried, write a method beside the others of its noun,
 * whose comment says what it does and what it books, and add it to that class's list.
 *
 * @param name for the plan's text
 * @param weight how often it is drawn, against the others
 * @param programs how many programs it may be given for bodies that it starts; it is given at least one if it can have any
 * @param work what it does
 */
record Operation(String name, int weight, int programs, Work work) {

    /** May let pass what waits throw, but nothing of which {@link Actor} says that it is a mistake. */
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
                            Callbacks.OPERATIONS,
                            Suspending.OPERATIONS,
                            Coroutines.OPERATIONS,
                            Views.OPERATIONS,
                            Streaming.OPERATIONS,
                            Circles.OPERATIONS)
                    .flatMap(List::stream)
                    .toList();
}
