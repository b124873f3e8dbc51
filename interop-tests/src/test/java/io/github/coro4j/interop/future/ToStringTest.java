package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.ControlledFuture;
import io.github.coro4j.interop.testing.End;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.SlowCleanUp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The text of a future: type, name, state, then the result or the class of the failure. It is short, has no bare hash,
 * and never throws.
 */
class ToStringTest {
    private static final int LONG_ENOUGH = 1_000;

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private enum Loud {
        ONE;

        @Override
        public String toString() {
            throw new IllegalStateException("called");
        }
    }

    @Test
    void toString_runsNoCodeOfTheResult() {
        Number loud =
                new Number() {
                    @Override
                    public String toString() {
                        throw new IllegalStateException("called");
                    }

                    @Override
                    public int intValue() {
                        return 1;
                    }

                    @Override
                    public long longValue() {
                        return 1;
                    }

                    @Override
                    public float floatValue() {
                        return 1;
                    }

                    @Override
                    public double doubleValue() {
                        return 1;
                    }
                };
        assertTextHas(Future.completed(Loud.ONE), "ONE");
        assertTextHas(Future.completed(loud), "succeeded: a ");
    }

    @Test
    void aTaskShowsItsNameAndEachOfItsStates() {
        try (TaskScope scope = leaks.open("text")) {
            Gate work = new Gate();
            Gate cleanUp = new Gate();
            Task<String> task = scope.start("load-user", new SlowCleanUp(work, cleanUp));
            work.awaitReached();
            assertTextHas(task, "Task", "load-user", "pending");

            task.cancel("page left");
            cleanUp.awaitReached();
            String cancelling = task.toString();
            cleanUp.open();
            task.joinOutcome();

            assertTrue(cancelling.contains("cancelling"), cancelling);
            assertTrue(cancelling.contains("load-user"), cancelling);
            assertTextHas(task, "Task", "load-user", "cancelled", "page left");
        }
    }

    @Test
    void anEndedFutureShowsItsResultOrTheClassOfItsFailure() {
        try (TaskScope scope = leaks.open("text")) {
            Task<String> value = scope.start("fetch", () -> "forty-two");
            Task<Integer> number = scope.start("count", () -> 42);
            Task<Void> none = scope.launch("write", () -> {});
            Task<Void> broken =
                    scope.start(
                            "read",
                            () -> {
                                throw new IOException("disk full");
                            });
            value.join();
            number.join();
            none.join();
            broken.joinOutcome();

            assertTextHas(value, "Task", "fetch", "forty-two");
            assertTextHas(number, "Task", "count", "42");
            assertTextHas(none, "Task", "write", "null");
            assertTextHas(broken, "Task", "read", "failed", "IOException");
        }
    }

    @ParameterizedTest
    @EnumSource
    void noStateOfAnyFutureIsABareHash(FutureKind kind) {
        for (End end : End.values()) {
            try (TaskScope scope = leaks.open("text")) {
                ControlledFuture subject = kind.in(scope);
                String pending = assertWellFormed(subject.future());
                assertTrue(pending.contains("pending"), pending);

                end.bring(subject);
                subject.future().joinOutcome();

                String done = assertWellFormed(subject.future());
                assertFalse(done.contains("pending"), done);
                if (end == End.FAILURE) {
                    assertTrue(done.contains("IOException"), done);
                }
                subject.succeed("value");
            }
        }
    }

    @Test
    void aPromiseSaysThatItIsOne() {
        Promise<String> promise = Promise.create();
        assertTextHas(promise, "Promise", "pending");
        promise.complete("value");
        assertTextHas(promise, "Promise", "value");
    }

    @Test
    void readOfAPendingFuture_namesItAndSaysHowToWait() {
        try (TaskScope scope = leaks.open("text")) {
            Gate gate = new Gate();
            Task<Void> task = scope.launch("slow-query", gate::pass);
            gate.awaitReached();
            for (Executable read :
                    List.<Executable>of(task::result, task::outcome, task::exception)) {
                String message = assertThrows(IllegalStateException.class, read).getMessage();
                assertTrue(message.contains("slow-query"), message);
                assertTrue(message.contains("pending"), message);
                assertTrue(message.contains("join"), message);
            }
            gate.open();
            task.join();
        }
    }

    @Test
    void hugeResultsAndMessagesAreCutShort() {
        String huge = "x".repeat(1_000_000);
        try (TaskScope scope = leaks.open("text")) {
            Task<String> text = scope.start("text", () -> huge);
            Task<List<String>> list = scope.start("list", () -> List.of(huge, huge));
            Task<Void> broken =
                    scope.start(
                            "broken",
                            () -> {
                                throw new IOException(huge);
                            });
            Task<Void> left = scope.launch("left", () -> new Gate().pass());
            left.cancel(huge);
            text.join();
            list.join();
            broken.joinOutcome();
            left.joinOutcome();
            for (Future<?> each : List.of(text, list, broken, left)) {
                assertTrue(each.toString().length() < LONG_ENOUGH, "" + each.toString().length());
            }
        }
    }

    @Test
    void resultOrFailureWhoseTextThrows_breaksNothing() {
        class Rude {
            @Override
            public String toString() {
                throw new IllegalStateException("no text");
            }

            @Override
            public int hashCode() {
                throw new IllegalStateException("no hash");
            }
        }
        class RudeException extends Exception {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
                throw new IllegalStateException("no message");
            }

            @Override
            public String toString() {
                throw new StackOverflowError("no text");
            }
        }
        class RudeList extends ArrayList<String> {
            private static final long serialVersionUID = 1L;

            @Override
            public int size() {
                throw new IllegalStateException("no size");
            }
        }
        try (TaskScope scope = leaks.open("text")) {
            Task<Object> value = scope.start("value", Rude::new);
            Task<Object> list = scope.start("list", RudeList::new);
            Task<Object> broken =
                    scope.start(
                            "broken",
                            () -> {
                                throw new RudeException();
                            });
            value.join();
            list.join();
            broken.joinOutcome();
            assertTextHas(value, "Task", "value");
            assertTextHas(list, "Task", "list");
            assertTextHas(broken, "Task", "broken", "RudeException");
        }
    }

    @Test
    void resultThatContainsItsFuture_doesNotOverflow() {
        Promise<List<Object>> promise = Promise.create();
        List<Object> circle = new ArrayList<>();
        circle.add(promise);
        circle.add(circle);
        promise.complete(circle);

        assertTextHas(promise, "Promise");
        Promise<Object> itself = Promise.create();
        itself.complete(itself);
        assertTextHas(itself, "Promise");
    }

    @Test
    void success_neverCallsToStringOfTheResult() {
        AtomicInteger calls = new AtomicInteger();
        class Counting {
            @Override
            public String toString() {
                return "call " + calls.incrementAndGet();
            }
        }
        try (TaskScope scope = leaks.open("text")) {
            Task<Counting> task = scope.start("value", Counting::new);
            task.addDoneCallback(Future::result);
            task.map(value -> value).join();
            task.toCompletableFuture().join();
            task.joinOutcome();
            task.join();
        }
        assertEquals(0, calls.get());
    }

    private static void assertTextHas(Future<?> future, String... parts) {
        String text = assertWellFormed(future);
        int from = 0;
        for (String part : parts) {
            int at = text.indexOf(part, from);
            assertTrue(at >= 0, part + " is missing, or not in its place, in: " + text);
            from = at;
        }
    }

    private static String assertWellFormed(Future<?> future) {
        String text = future.toString();
        assertFalse(text.matches("(?s).*@[0-9a-f]{4,}.*"), "there is a hash in " + text);
        assertTrue(text.length() < LONG_ENOUGH, text.length() + " characters");
        assertTrue(Character.isUpperCase(text.charAt(0)), "the type is missing in " + text);
        return text;
    }
}
