package io.github.coro4j.interop.future;

import static io.github.coro4j.interop.future.RemovingCallbacksTest.DIRECT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Registration;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Race;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The answer of a removal agrees with the run of the callback, even if the future ends at the same time. */
@Rule(14)
class CallbackRemovalRaceTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @ValueSource(strings = {"registration", "callback"})
    void removalUnderRace_givesAnExactAnswer(String by) {
        try (TaskScope scope = leaks.open("race")) {
            Race.rounds(
                    500,
                    (race, random) -> {
                        Promise<String> promise = FutureKind.promiseIn(scope);
                        AtomicInteger runs = new AtomicInteger();
                        Consumer<Future<String>> callback = each -> runs.incrementAndGet();
                        Executor executor = random.nextBoolean() ? DIRECT : null;
                        Registration registration =
                                executor == null
                                        ? promise.addDoneCallback(callback)
                                        : promise.addDoneCallback(callback, executor);

                        List<Boolean> answers =
                                race.run(
                                        random,
                                        () -> promise.complete("value"),
                                        () ->
                                                by.equals("registration")
                                                        ? registration.remove()
                                                        : promise.removeDoneCallback(callback) == 1,
                                        registration::remove);

                        Gate last = new Gate();
                        if (executor == null) {
                            promise.addDoneCallback(each -> last.open());
                        } else {
                            promise.addDoneCallback(each -> last.open(), executor);
                        }
                        last.passUninterruptibly(); // all callbacks that were added before have run
                        boolean removed = answers.get(1) || answers.get(2);
                        assertFalse(answers.get(1) && answers.get(2), "removed twice");
                        assertEquals(removed ? 0 : 1, runs.get(), "removed: " + removed);
                    });
        }
    }

    @Test
    @Rule(12)
    void removalUnderRace_leavesTheOtherCallbacksInOrder() {
        try (TaskScope scope = leaks.open("race")) {
            Race.rounds(
                    200,
                    (race, random) -> {
                        Task<String> task = scope.start(() -> "value");
                        Trail trail = new Trail();
                        task.addDoneCallback(each -> trail.add("a"));
                        Registration middle = task.addDoneCallback(each -> trail.add("b"));
                        Race.spin(random.nextInt(500));
                        boolean removed = middle.remove();
                        task.addDoneCallback(each -> trail.add("c"));
                        trail.await("c");

                        if (removed) {
                            trail.assertSteps("a", "c");
                        } else {
                            trail.assertSteps("a", "b", "c");
                        }
                    });
        }
    }
}
