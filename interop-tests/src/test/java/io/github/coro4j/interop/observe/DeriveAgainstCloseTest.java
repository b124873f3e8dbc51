package io.github.coro4j.interop.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.coro4j.Combination;
import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Race;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A failure passes from one future to another while its scope closes on another thread (R16, R23). */
@Rule({16, 23})
class DeriveAgainstCloseTest {
    private static final int ROUNDS = 1_500;
    private static final Duration LONG = Duration.ofMinutes(5);

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** Makes a future that fails as the given future did, although no code reads the given future. */
    enum Derivation {
        MAP(bad -> bad.map(x -> x)),
        FLAT_MAP(bad -> bad.flatMap(Future::completed)),
        RECOVER(
                bad ->
                        bad.recover(
                                e -> {
                                    throw (Exception) e;
                                })),
        OR_TIMEOUT(bad -> bad.orTimeout(LONG)),
        COMPLETE_ON_TIMEOUT(bad -> bad.completeOnTimeout("instead", LONG)),
        SHIELD(Future::shield),
        NAMED(bad -> bad.named("named")),
        CHAIN(bad -> bad.map(x -> x).orTimeout(LONG).map(x -> x)),
        ALL(bad -> Gather.of(bad).all()),
        FAIL_FAST(bad -> Gather.of(bad, bad).failFast()),
        FIRST_SUCCESS(bad -> Gather.of(bad).firstSuccess()),
        AT_LEAST(bad -> Gather.of(bad, bad).atLeast(1)),
        KEYED(bad -> Gather.keyed(Map.of("key", bad)).all()),
        COMBINE(bad -> Combination.of(bad, bad, (a, b) -> a).failFast()),
        NESTED(bad -> Gather.of(Gather.of(bad).all()).all()),
        SETTLED(bad -> Gather.of(bad).settled()),
        FIRST_DONE(bad -> Gather.of(bad).firstDone());

        private final Function<Future<String>, Future<?>> derive;

        Derivation(Function<Future<String>, Future<?>> derive) {
            this.derive = derive;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theCloseReportsTheFailureOnceWhicheverFutureHasIt(Derivation kind) {
        List<Object> kept = new ArrayList<>();
        Race.rounds(
                ROUNDS,
                (race, random) -> {
                    IOException broken = new IOException("broken");
                    TaskScope scope = leaks.open("closing");
                    Task<String> bad = scope.start(failing(broken));
                    scope.join();
                    kept.addAll(
                            race.<Object>run(
                                    random,
                                    () -> deriveUnlessClosed(kind.derive, bad),
                                    () -> {
                                        scope.close();
                                        return null;
                                    }));
                    assertOneReport(broken);
                });
        assertEquals(List.of(), leaks.takeReports());
    }

    /** The failure was read before, so only the derived future can be unread. */
    @ParameterizedTest
    @EnumSource(
            names = {"MAP", "FLAT_MAP", "RECOVER", "OR_TIMEOUT", "COMPLETE_ON_TIMEOUT", "NAMED"})
    void theCloseReportsAFutureDerivedFromAFailureThatWasRead(Derivation kind) {
        Race.rounds(
                ROUNDS,
                (race, random) -> {
                    IOException broken = new IOException("broken");
                    TaskScope scope = leaks.open("closing");
                    Task<String> bad = scope.start(failing(broken));
                    bad.joinOutcome();
                    Object derived =
                            race.<Object>run(
                                            random,
                                            () -> deriveUnlessClosed(kind.derive, bad),
                                            () -> {
                                                scope.close();
                                                return null;
                                            })
                                    .get(0);
                    if (derived instanceof Future<?> future && !future.isCancelled()) {
                        assertOneReport(broken);
                    } else {
                        assertEquals(List.of(), leaks.takeReports());
                    }
                });
    }

    private static Object deriveUnlessClosed(
            Function<Future<String>, Future<?>> derive, Future<String> bad) {
        try {
            return derive.apply(bad);
        } catch (IllegalStateException closed) {
            return closed;
        }
    }

    private static Callable<String> failing(IOException failure) {
        return () -> {
            throw failure;
        };
    }

    private void assertOneReport(IOException failure) {
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size(), reports::toString);
        assertSame(failure, reports.get(0).exception());
    }
}
