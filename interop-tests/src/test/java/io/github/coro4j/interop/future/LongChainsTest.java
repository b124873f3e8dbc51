package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.NothingLeaks;
import java.io.IOException;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A long chain of derived futures ends, and a cancel reaches its source, without growing the stack of a thread. */
class LongChainsTest {
    private static final int LENGTH = 2_000;

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    enum Link implements UnaryOperator<Future<Integer>> {
        MAP(future -> future.map(value -> value)),
        FLAT_MAP(future -> future.flatMap(Future::completed)),
        RECOVER(
                future ->
                        future.recover(
                                failure -> {
                                    throw FutureKind.<RuntimeException>rethrow(failure);
                                })),
        OR_TIMEOUT(future -> future.orTimeout(Duration.ofDays(1))),
        SHIELD(Future::shield);

        private final UnaryOperator<Future<Integer>> derivation;

        Link(UnaryOperator<Future<Integer>> derivation) {
            this.derivation = derivation;
        }

        @Override
        public Future<Integer> apply(Future<Integer> future) {
            return derivation.apply(future);
        }

        Future<Integer> chain(Future<Integer> source) {
            Future<Integer> last = source;
            for (int i = 0; i < LENGTH; i++) {
                last = apply(last);
            }
            return last;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aValueTravelsDownALongChain(Link link) {
        try (TaskScope scope = leaks.open("chain")) {
            Promise<Integer> source = FutureKind.promiseIn(scope);
            Future<Integer> last = link.chain(source);
            source.complete(42);
            assertEquals(42, last.join());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFailureTravelsDownALongChain(Link link) {
        IOException failure = new IOException("broken");
        try (TaskScope scope = leaks.open("chain")) {
            Promise<Integer> source = FutureKind.promiseIn(scope);
            Future<Integer> last = link.chain(source);
            source.fail(failure);
            assertSame(failure, last.joinOutcome().exceptionOrNull());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCancellationTravelsDownALongChain(Link link) {
        try (TaskScope scope = leaks.open("chain")) {
            Promise<Integer> source = FutureKind.promiseIn(scope);
            Future<Integer> last = link.chain(source);
            source.cancel("enough");
            assertSame(source.exception(), last.joinOutcome().exceptionOrNull());
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SHIELD") // stops the cancel
    void aCancelTravelsUpALongChain(Link link) {
        try (TaskScope scope = leaks.open("chain")) {
            Promise<Integer> source = FutureKind.promiseIn(scope);
            Future<Integer> last = link.chain(source);
            assertTrue(last.cancel("enough"));
            assertInstanceOf(Outcome.Cancelled.class, last.joinOutcome());
            assertTrue(source.isCancelled());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theTextOfAFutureDoesNotGrowWithTheChain(Link link) {
        try (TaskScope scope = leaks.open("chain")) {
            Promise<Integer> source = FutureKind.promiseIn(scope);
            String text = link.chain(source).toString();
            source.cancel("enough");
            assertTrue(text.length() < 1_000, text.length() + " characters");
        }
    }

    @Test
    void aLoopWrittenWithFlatMapEnds() {
        try (TaskScope scope = leaks.open("loop")) {
            assertEquals(LENGTH, countTo(scope, 0).join());
        }
    }

    private static Future<Integer> countTo(TaskScope scope, int reached) {
        return scope.start("step", () -> reached)
                .flatMap(
                        step -> step == LENGTH ? Future.completed(step) : countTo(scope, step + 1));
    }
}
