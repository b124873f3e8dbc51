package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Race;
import io.github.coro4j.interop.testing.Rule;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * R20: the end of a scope cancels its gathers. They do not fail, although a child may see that end before its gather
 * does.
 */
class GatherAgainstEndOfScopeTest {
    private static final int ROUNDS = 200;
    private static final int CHILDREN = 20;

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    enum End {
        CLOSE,
        CANCEL
    }

    // The function of `map` begins in a scope that takes no work any more.
    @ParameterizedTest
    @EnumSource
    @Rule(20)
    void stagesThatEndMeanwhile(End end) throws Exception {
        Race.rounds(
                ROUNDS,
                (race, random) -> {
                    List<CompletableFuture<String>> stages =
                            IntStream.range(0, CHILDREN)
                                    .mapToObj(i -> new CompletableFuture<String>())
                                    .toList();
                    TaskScope scope = leaks.open("page");
                    Gather<String> plan =
                            scope.gatherAsync(
                                    stages,
                                    stage -> Future.<String>from(stage).map(text -> text + "!"));
                    Future<?> group = random.nextBoolean() ? plan.failFast() : plan.all();
                    race.run(
                            random,
                            () -> {
                                stages.forEach(stage -> stage.complete("loaded"));
                                return null;
                            },
                            () -> {
                                if (end == End.CANCEL) {
                                    scope.cancel("stop");
                                }
                                scope.close();
                                return null;
                            });
                    assertFalse(group.joinOutcome().isFailure(), group::toString);
                });
    }

    // The cancel reaches the tasks of the outer scope before the inner scope.
    @ParameterizedTest
    @EnumSource
    @Rule({20, 23})
    void groupAndTaskOfAnInnerScope_thatFollowATaskOfTheOuterOne(End end) throws Exception {
        for (int round = 0; round < 2 * ROUNDS; round++) {
            TaskScope outer = leaks.open("outer");
            Task<Integer> polling =
                    outer.start(
                            () -> {
                                while (true) {
                                    Task.checkCancelled();
                                    Thread.yield();
                                }
                            });
            Promise<Future<?>> group = Promise.create();
            Promise<Future<?>> waiting = Promise.create();
            outer.launch(
                    () -> {
                        try (TaskScope inner = TaskScope.open("inner")) {
                            waiting.complete(inner.start(() -> polling.map(x -> x).join()));
                            inner.launch(() -> group.complete(Gather.of(polling).failFast()));
                            inner.join();
                        }
                    });
            group.join();
            waiting.join();
            if (end == End.CANCEL) {
                outer.cancel("stop");
            }
            outer.close();
            assertTrue(group.join().joinOutcome().isCancelled(), group::toString);
            assertTrue(waiting.join().joinOutcome().isCancelled(), waiting::toString);
        }
    }
}
