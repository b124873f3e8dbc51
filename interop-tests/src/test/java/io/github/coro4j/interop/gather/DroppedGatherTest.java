package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.DroppedObjects;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A gather over promises that no code can reach any more is collected with them, although its scope stays open. */
class DroppedGatherTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** How the test makes a future from the gather. */
    enum Kind {
        ALL(Gather::all),
        FAIL_FAST(Gather::failFast),
        SETTLED(Gather::settled),
        /** No gather, but the scope lists it like one: its function has run, and it follows another future. */
        FLAT_MAPPED(gather -> Future.completed("first").flatMap(first -> gather.all().shield())),
        NESTED(gather -> Gather.of(gather.all()).settled()),
        SHIELDED(gather -> gather.all().shield()),
        MAPPED(gather -> gather.all().map(list -> list));

        private final Function<Gather<Object>, Future<?>> future;

        Kind(Function<Gather<Object>, Future<?>> future) {
            this.future = future;
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule(23)
    void aDroppedGatherOfAnOpenScopeIsCollected(Kind kind) {
        DroppedObjects dropped = new DroppedObjects();
        try (TaskScope scope = leaks.open("open")) {
            scope.launch(() -> gather(kind, dropped)).join();
            dropped.awaitCollected();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule(23)
    void aDroppedGatherOfTheGlobalScopeIsCollected(Kind kind) {
        DroppedObjects dropped = new DroppedObjects();
        gather(kind, dropped);
        dropped.awaitCollected();
    }

    /** A join of the scope stops waiting for a gather once the collector has found that the gather can never end. */
    @Test
    @Rule(23)
    void aJoinOfTheScopeEndsWhenTheGatherIsCollected() {
        DroppedObjects dropped = new DroppedObjects();
        try (TaskScope scope = leaks.open("open")) {
            scope.launch(() -> gather(Kind.ALL, dropped)).join();
            Thread collector = new Thread(dropped::awaitCollected, "collector");
            collector.start();
            scope.join();
        }
    }

    /** This is the control: the test holds the promise, so the gather can still end, and the scope waits for it. */
    @ParameterizedTest
    @EnumSource
    void aGatherOverAHeldPromiseIsNotCollected(Kind kind) {
        DroppedObjects dropped = new DroppedObjects();
        try (TaskScope scope = leaks.open("open")) {
            Promise<Object> promise = scope.start(() -> gather(kind, dropped)).join();
            assertEquals(3, dropped.leftAfterCollecting().size());
            promise.complete("value");
            scope.join();
        }
    }

    private static Promise<Object> gather(Kind kind, DroppedObjects dropped) {
        Promise<Object> promise = dropped.add("promise", Promise.create());
        Future<?> future =
                dropped.add(
                        "future",
                        kind.future.apply(Gather.of(promise, promise, Future.completed(1))));
        Object held = dropped.object("what the callback held");
        future.addDoneCallback(done -> assertNotNull(held));
        return promise;
    }
}
