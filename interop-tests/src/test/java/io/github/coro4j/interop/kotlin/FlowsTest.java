package io.github.coro4j.interop.kotlin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.WaitInterruptedException;
import io.github.coro4j.coroutines.FlowIterator;
import io.github.coro4j.coroutines.Flows;
import io.github.coro4j.interop.testing.KotlinFlows;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R29: Java reads a Kotlin flow. */
class FlowsTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final KotlinFlows log = new KotlinFlows();

    @Test
    @Rule(29)
    void iterator_givesTheItemsInOrderAndMakesNoneAhead() {
        try (TaskScope scope = leaks.open("read");
                FlowIterator<String> lines = Flows.iterator(scope, log.lines(3, null))) {
            assertEquals(0, log.getMade().get());
            assertTrue(scope.tasks().isEmpty());
            List<String> read = new ArrayList<>();
            while (lines.hasNext()) {
                assertTrue(lines.hasNext());
                assertEquals(read.size() + 1, log.getMade().get());
                read.add(lines.next());
            }
            assertEquals(List.of("line 0", "line 1", "line 2"), read);
            assertFalse(lines.hasNext());
            assertThrows(NoSuchElementException.class, lines::next);
            assertEquals(List.of("ended"), log.getEnded());
        }
    }

    @Test
    @Rule(29)
    void stream_readsOnlyTheItemsThatItsUserWantsAndEndsWithItsClose() {
        try (TaskScope scope = leaks.open("read")) {
            try (Stream<String> lines = Flows.stream(scope, log.lines(1000, null))) {
                assertEquals(
                        List.of("line 0", "line 1"), lines.limit(2).collect(Collectors.toList()));
                assertEquals(List.of(), log.getEnded());
            }
            assertEquals(List.of("ended"), log.getEnded());
            assertTrue(log.getMade().get() <= 3, () -> log.getMade().toString());
            try (Stream<String> all = Flows.stream(scope, log.lines(5000, null))) {
                assertEquals(5000, all.count());
            }
        }
    }

    @Test
    @Rule(29)
    void failureOfTheFlow_isTheCauseOfTheReadersException() {
        IOException original = new IOException("boo");
        try (TaskScope scope = leaks.open("read");
                FlowIterator<String> lines = Flows.iterator(scope, log.lines(1, original))) {
            assertEquals("line 0", lines.next());
            assertSame(
                    original, assertThrows(CompletionException.class, lines::hasNext).getCause());
        }
    }

    @Test
    @Rule(29)
    void close_cancelsTheFlowAndWaitsForIt() {
        try (TaskScope scope = leaks.open("read")) {
            FlowIterator<String> lines = Flows.iterator(scope, log.stuck());
            assertEquals("only", lines.next());
            lines.close();
            assertEquals(List.of("ended"), log.getEnded());
            assertFalse(lines.hasNext());
            assertTrue(scope.tasks().isEmpty());
            FlowIterator<String> never = Flows.iterator(scope, log.stuck());
            never.close();
            assertFalse(never.hasNext());
            lines.close();
        }
    }

    @Test
    @Rule(29)
    void aCancelOfTheScopeReachesTheReader() {
        try (TaskScope scope = leaks.open("read");
                FlowIterator<String> lines = Flows.iterator(scope, log.stuck())) {
            assertEquals("only", lines.next());
            scope.cancel("enough");
            TaskCancelledException seen =
                    assertThrows(TaskCancelledException.class, lines::hasNext);
            assertEquals("enough", seen.reason());
        }
    }

    @Test
    @Rule(9)
    void interrupt_endsTheWaitAndLeavesTheFlowAlone() {
        try (TaskScope scope = leaks.open("read");
                FlowIterator<String> lines = Flows.iterator(scope, log.stuck())) {
            assertEquals("only", lines.next());
            Thread.currentThread().interrupt();
            assertThrows(WaitInterruptedException.class, lines::hasNext);
            assertTrue(Thread.interrupted());
            assertEquals(List.of(), log.getEnded());
        }
    }

    @Test
    @Rule(29)
    void itemsMayBeNull() {
        try (FlowIterator<String> items = Flows.iterator(log.withNulls())) {
            assertEquals("a", items.next());
            assertNull(items.next());
            assertFalse(items.hasNext());
        }
    }

    @Test
    @Rule(23)
    void aReaderThatIsNotClosedEndsWithItsScope() {
        TaskScope scope = leaks.open("read");
        FlowIterator<String> lines = Flows.iterator(scope, log.stuck());
        assertEquals("only", lines.next());
        scope.close();
        assertEquals(List.of("ended"), log.getEnded());
    }

    @Test
    @Rule(25)
    void readersOnOneThreadDoNotStarve() throws Exception {
        try (TaskScope scope = leaks.open("outer")) {
            Task<Integer> sum =
                    scope.start(
                            "sum",
                            () -> {
                                int count = 0;
                                try (FlowIterator<String> lines =
                                        Flows.iterator(log.lines(100, null))) {
                                    while (lines.hasNext()) {
                                        lines.next();
                                        count++;
                                    }
                                }
                                return count;
                            });
            assertEquals(100, sum.join());
        }
    }

    // ---- publisher (PublisherTckTest checks it against the specification)

    @Test
    @Rule(29)
    void publisher_signalsTheOriginalFailureAndTheCancelOfItsScope() throws Exception {
        IOException original = new IOException("boo");
        TaskScope scope = leaks.open("publish");
        Subscriber failing = new Subscriber();
        Flows.publisher(scope, log.lines(2, original)).subscribe(failing);
        assertSame(original, failing.end.join());
        assertEquals(List.of("line 0", "line 1"), failing.items);
        Subscriber cancelled = new Subscriber();
        Flows.publisher(scope, log.stuck()).subscribe(cancelled);
        cancelled.first.await();
        scope.cancel("enough");
        assertEquals("enough", ((TaskCancelledException) cancelled.end.join()).reason());
        scope.close();
        Subscriber late = new Subscriber();
        Flows.publisher(scope, log.stuck()).subscribe(late);
        assertTrue(late.end.join() instanceof IllegalStateException);
    }

    private static final class Subscriber implements Flow.Subscriber<String> {
        final List<String> items = new ArrayList<>();
        final CountDownLatch first = new CountDownLatch(1);
        final Promise<Throwable> end = Promise.create();

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String item) {
            items.add(item);
            first.countDown();
        }

        @Override
        public void onError(Throwable exception) {
            end.complete(exception);
        }

        @Override
        public void onComplete() {
            end.complete(null);
        }
    }

    @Test
    void badInputIsRefused() {
        assertThrows(NullPointerException.class, () -> Flows.iterator(null));
        assertThrows(NullPointerException.class, () -> Flows.stream(null));
        assertThrows(NullPointerException.class, () -> Flows.publisher(null));
        NullPointerException thrown =
                assertThrows(
                        NullPointerException.class,
                        () -> Flows.iterator((TaskScope) null, log.stuck()));
        assertEquals(
                "scope must not be null: leave it out for the scope of the current task",
                thrown.getMessage());
        assertThrows(
                NullPointerException.class, () -> Flows.publisher(log.stuck()).subscribe(null));
    }
}
