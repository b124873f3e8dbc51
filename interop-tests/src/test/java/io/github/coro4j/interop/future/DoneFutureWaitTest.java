package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.WaitInterruptedException;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.PlainThread;
import io.github.coro4j.interop.testing.Race;
import io.github.coro4j.interop.testing.WayToWait;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A future that is done gives its end to every waiter, even to one that is cancelled or interrupted. */
class DoneFutureWaitTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @EnumSource
    void aDoneFutureGivesItsEndEvenToAnInterruptedThread(WayToWait way) throws Exception {
        try (TaskScope scope = leaks.open("waiting")) {
            Task<String> done = scope.start("done", () -> "value");
            done.join();

            Object value =
                    PlainThread.start(
                                    "reader-thread",
                                    () -> {
                                        Thread.currentThread().interrupt();
                                        Object read = way.on(done);
                                        assertTrue(Thread.currentThread().isInterrupted());
                                        return read;
                                    })
                            .result();

            assertEquals("value", value);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDoneFutureGivesItsEndEvenToACancelledTask(WayToWait way) {
        try (TaskScope scope = leaks.open("waiting")) {
            Task<String> done = scope.start("done", () -> "value");
            done.join();
            AtomicReference<Object> read = new AtomicReference<>();
            Task<Void> reader =
                    scope.launch(
                            "reader",
                            () -> {
                                Task.current().cancel("myself");
                                read.set(way.on(done));
                            });

            assertInstanceOf(Outcome.Cancelled.class, reader.joinOutcome());
            assertEquals("value", read.get());
        }
    }

    @Test
    void aValueThatArrivesWithTheCancelStaysInTheFuture() {
        try (TaskScope scope = leaks.open("waiting")) {
            Race.rounds(
                    300,
                    (race, random) -> {
                        Promise<String> promise = FutureKind.promiseIn(scope);
                        AtomicBoolean got = new AtomicBoolean();
                        Task<String> waiter =
                                scope.start(
                                        "waiter",
                                        () -> {
                                            String value = promise.join();
                                            got.set(true);
                                            return value;
                                        });
                        boolean accepted =
                                race.run(
                                                random,
                                                () -> waiter.cancel("raced"),
                                                () -> promise.complete("value"))
                                        .get(0);

                        Outcome<String> end = waiter.joinOutcome();

                        assertEquals("value", promise.result());
                        if (accepted) {
                            assertInstanceOf(Outcome.Cancelled.class, end);
                        } else {
                            assertEquals(new Outcome.Success<>("value"), end);
                            assertTrue(got.get());
                        }
                    });
        }
    }

    @Test
    void joinOfACancelledFuture_doesNotThrowWaitInterrupted() {
        try (TaskScope scope = leaks.open("waiting")) {
            Promise<String> gone = FutureKind.promiseIn(scope);
            gone.cancel("gone");

            CancellationException thrown = assertThrows(CancellationException.class, gone::join);

            assertFalse(thrown instanceof WaitInterruptedException, thrown.toString());
        }
    }
}
