package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.SlowCleanUp;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R2, R7, R8 for derived futures: the new future owns its source, and is done once the source is. */
class DerivedCancelTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** The ways to derive a future that owns its source. */
    enum Owning implements UnaryOperator<Future<String>> {
        MAP(source -> source.map(value -> value)),
        FLAT_MAP(source -> source.flatMap(Future::completed)),
        FLAT_MAP_TO_IT(Owning::followed),
        RECOVER(source -> source.recover(failure -> "not for a cancellation")),
        OR_TIMEOUT(source -> source.orTimeout(Duration.ofDays(1))),
        COMPLETE_ON_TIMEOUT(source -> source.completeOnTimeout("late", Duration.ofDays(1))),
        NAMED(source -> source.named("named")),
        CHAIN(source -> source.map(value -> value).orTimeout(Duration.ofDays(1)).map(v -> v)),
        GROUP(source -> Gather.of(source).all().map(list -> list.get(0)));

        private final UnaryOperator<Future<String>> derivation;

        Owning(UnaryOperator<Future<String>> derivation) {
            this.derivation = derivation;
        }

        @Override
        public Future<String> apply(Future<String> source) {
            return derivation.apply(source);
        }

        Future<String> in(TaskScope scope, Future<String> source) {
            return FutureKind.inside(scope, () -> apply(source));
        }

        /** Returns a flatMap whose function has returned the given future. */
        private static Future<String> followed(Future<String> source) {
            Gate returned = new Gate();
            Future<String> following =
                    Future.completed("first")
                            .flatMap(
                                    first -> {
                                        returned.open();
                                        return source;
                                    });
            returned.passUninterruptibly();
            return following;
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule({2, 8})
    void cancellingTheDerivedFutureStopsTheSourceAndWaitsForIt(Owning owning) {
        try (TaskScope scope = leaks.open("derived");
                TaskScope ofTheSource = leaks.open("source")) {
            Gate cleanUp = new Gate();
            Task<String> source = slowToStop(ofTheSource, cleanUp);
            Future<String> derived = owning.in(scope, source);

            assertTrue(derived.cancel("no longer needed"));

            cleanUp.awaitReached();
            boolean[] seen = {
                source.isCancelling(),
                derived.isCancelling(),
                derived.isDone(),
                derived.isCancelled(),
            };
            cleanUp.open();
            assertArrayEquals(new boolean[] {true, true, false, false}, seen);

            assertEquals("no longer needed", reasonOf(derived));
            assertTrue(source.isDone(), "the derived future was done before its source");
            assertEquals("no longer needed", reasonOf(source));
            assertTrue(derived.isCancelled());
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = "GROUP") // a cancelled group ends cancelled, see Gather
    @Rule({7, 17})
    void aSourceThatFailsWhileItStopsFailsTheDerivedFuture(Owning owning) {
        IOException failure = new IOException("disk full");
        try (TaskScope scope = leaks.open("derived");
                TaskScope ofTheSource = leaks.open("source")) {
            Gate work = new Gate();
            Task<String> source =
                    ofTheSource.start(
                            "source",
                            () -> {
                                try {
                                    work.pass();
                                    return "value";
                                } catch (InterruptedException e) {
                                    throw failure;
                                }
                            });
            work.awaitReached();
            Future<String> derived = owning.in(scope, source);

            Outcome<String> end = derived.cancelAndJoin("enough");

            assertSame(failure, source.exception());
            assertSame(failure, assertInstanceOf(Outcome.Failure.class, end).exception());
        }
    }

    @Test
    @Rule(8)
    void cancelOfAFlatMap_cancelsTheFutureThatItFollows() {
        try (TaskScope scope = leaks.open("derived");
                TaskScope other = leaks.open("other")) {
            Gate cleanUp = new Gate();
            Task<String> inner = slowToStop(other, cleanUp);
            Gate returned = new Gate();
            Future<String> flat =
                    scope.start(() -> "value")
                            .flatMap(
                                    value -> {
                                        returned.open();
                                        return inner;
                                    });
            returned.passUninterruptibly();

            assertTrue(flat.cancel("enough"));
            cleanUp.awaitReached();
            assertFalse(flat.isDone());
            cleanUp.open();

            assertEquals("enough", reasonOf(flat));
            assertEquals("enough", reasonOf(inner));
        }
    }

    @Test
    @Rule(8)
    void cancellingOneOfTwoDerivedFuturesCancelsTheSharedSource() { // shield() prevents this
        try (TaskScope scope = leaks.open("derived")) {
            Promise<String> source = FutureKind.promiseIn(scope);
            Future<Integer> one = source.map(String::length);
            Future<String> two = source.recover(failure -> "not for a cancellation");

            one.cancel("enough");

            assertEquals("enough", reasonOf(one));
            assertEquals("enough", reasonOf(source));
            assertEquals("enough", reasonOf(two));
        }
    }

    @Test
    @Rule(8)
    void shieldInBetween_keepsTheCancelFromTheSource() {
        try (TaskScope scope = leaks.open("derived")) {
            Promise<String> source = FutureKind.promiseIn(scope);
            Future<Integer> mapped = source.shield().map(String::length);

            assertTrue(mapped.cancel("enough"));

            assertEquals("enough", reasonOf(mapped));
            assertFalse(source.isDone());
            assertTrue(source.complete("value"));
        }
    }

    @Test
    @Rule(5)
    void cancelFalse_reachesTheSourceWithoutAnInterrupt() {
        try (TaskScope scope = leaks.open("derived")) {
            Gate gate = new Gate();
            Trail trail = new Trail();
            Task<String> source =
                    scope.start(
                            "source",
                            () -> {
                                gate.pass(); // an interrupt would end it here
                                trail.add("cancelling: " + Task.current().isCancelling());
                                return "value";
                            });
            gate.awaitReached();
            Future<Integer> mapped = source.map(String::length);

            assertTrue(mapped.cancel(false));
            assertTrue(source.isCancelling());
            gate.open();

            assertInstanceOf(Outcome.Cancelled.class, mapped.joinOutcome());
            trail.assertSteps("cancelling: true");
        }
    }

    static String reasonOf(Future<?> future) {
        return assertInstanceOf(
                        TaskCancelledException.class,
                        assertInstanceOf(Outcome.Cancelled.class, future.joinOutcome())
                                .cancellation())
                .reason();
    }

    private static Task<String> slowToStop(TaskScope scope, Gate cleanUp) {
        Gate work = new Gate();
        Task<String> task = scope.start("source", new SlowCleanUp(work, cleanUp));
        work.awaitReached();
        return task;
    }
}
