package io.github.coro4j.interop.docs;

import static io.github.coro4j.interop.docs.ComingFromTest.load;
import static io.github.coro4j.interop.docs.ComingFromTest.show;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.GatherPolicy;
import io.github.coro4j.Outcome;
import io.github.coro4j.Partition;
import io.github.coro4j.Registration;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The snippets of docs/coming-from.md for users of asyncio, StructuredTaskScope and Kotlin are regions here, and run. */
class ComingFromScopesTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();
    private final List<Integer> ids = List.of(1, 2);

    @Test
    void asyncio() throws Exception {
        try (TaskScope scope = leaks.open("scope")) {
            List<Task<String>> tasks =
                    List.of(scope.start(() -> load(1)), scope.start(() -> load(2)));
            // region Run several, and have their results in order
            List<String> both = scope.gather(List.of(1, 2), id -> load(id)).all().join();
            // endregion
            // region Exceptions as values
            List<Outcome<String>> ends = Gather.of(tasks).settled().join();
            // endregion
            // region A group whose first failure stops the others
            Future<List<String>> group = scope.gather(List.of(1, 2), id -> load(id)).failFast();
            // endregion
            // region Wait for the first
            Partition<String> parts = Gather.of(tasks).until(Gather.When.FIRST_DONE).join();
            // endregion
            // region In order of completion
            for (Future<String> task : Gather.of(tasks).asCompleted()) {
                show(task.join());
            }
            // endregion
            // region A limit on the time, and a callback
            Task<String> task = scope.start("load", () -> load(1));
            task.addDoneCallback(done -> show(done.result()));
            task.orTimeout(Duration.ofSeconds(2)).join();
            // endregion
            assertEquals(List.of("page 1", "page 2"), both);
            assertEquals(2, ends.size());
            assertEquals(both, group.join());
            assertEquals(2, parts.done().size() + parts.pending().size());
        }
    }

    @Test
    void structuredTaskScope() throws Exception {
        try (TaskScope scope = leaks.open("scope")) {
            // region All or nothing
            try (TaskScope pages = TaskScope.open("pages")) {
                List<String> all = pages.gather(List.of(1, 2), id -> load(id)).failFast().join();
            }
            // endregion
            // region The first that succeeds, within a time
            String winner =
                    scope.gather(List.of(1, 2), id -> load(id))
                            .timeout(Duration.ofSeconds(2))
                            .firstSuccess()
                            .join();
            // endregion
            // region A joiner of your own
            String longest = scope.gather(List.of(1, 2), id -> load(id)).using(Longest::new).join();
            // endregion
            assertEquals(6, winner.length());
            assertEquals(6, longest.length());
        }
    }

    @Test
    void kotlin() throws Exception {
        try (TaskScope scope = leaks.open("scope")) {
            Task<String> a = scope.start(() -> load(1));
            // region A supervisor
            List<Outcome<String>> outcomes = scope.gather(ids, id -> load(id)).settled().join();
            // endregion
            // region A time limit, and a cancel with its reason
            String page = scope.start(() -> load(1)).orTimeout(Duration.ofSeconds(2)).join();
            Outcome<String> stopped = a.cancelAndJoin("not wanted"); // the body has ended
            // endregion
            // region At most eight at once
            List<String> eight = scope.gather(ids, id -> load(id)).concurrency(8).all().join();
            // endregion
            assertEquals(2, outcomes.size());
            assertEquals("page 1", page);
            assertEquals(
                    "page 1",
                    stopped.exceptionOrNull() == null ? stopped.valueOrThrow() : "page 1");
            assertEquals(List.of("page 1", "page 2"), eight);
        }
    }

    @Nested
    class KotlinsCoroutineScope {
        private final CountDownLatch loading = new CountDownLatch(2);
        private final CountDownLatch stopped = new CountDownLatch(2);
        private final Gate never = new Gate();

        @Test
        @Rule(31)
        void aCancelStopsTheLoads() throws Exception {
            try (TaskScope scope = leaks.open("scope")) {
                // region Run several
                Task<List<String>> pages =
                        scope.start(() -> scope.gather(ids, id -> load(id)).failFast().join());
                // endregion
                loading.await();
                assertTrue(pages.cancelAndJoin("not wanted").isCancelled());
                assertEquals(
                        0, stopped.getCount(), "the cancel waits until the loads have stopped");
            }
        }

        private String load(int id) throws InterruptedException {
            loading.countDown();
            try {
                never.pass();
            } finally {
                stopped.countDown();
            }
            return "page " + id;
        }
    }

    @Test
    @SuppressWarnings("try") // the hook is only closed
    void kotlinsClientsAndCleanUps() {
        Client client = new Client();
        try (TaskScope scope = leaks.open("scope")) {
            // region A client that must be told to stop
            Task<String> answer =
                    scope.start(
                            () -> {
                                try (Registration hook = Task.onCancel(client::abort)) {
                                    return client.ask();
                                } finally {
                                    Task.nonCancellable(() -> Task.start(client::close).join());
                                }
                            });
            // endregion
            client.asked.awaitReached();
            assertTrue(answer.cancelAndJoin("not wanted").isCancelled());
            assertTrue(client.isClosed);
        }
    }

    /** A client that is deaf to interrupts, and whose close waits. */
    private static final class Client {
        final Gate asked = new Gate();
        volatile boolean isClosed;

        String ask() {
            asked.passUninterruptibly();
            return "answer";
        }

        void abort() {
            asked.open();
        }

        Void close() throws InterruptedException {
            asked.pass(); // throws if a cancel reaches the clean-up
            isClosed = true;
            return null;
        }
    }

    /** The page names this policy. */
    private static final class Longest implements GatherPolicy<String, String> {
        private String longest = "";

        @Override
        public Decision ended(int index, Outcome<String> outcome) {
            String page = outcome.valueOrThrow();
            longest = page.length() > longest.length() ? page : longest;
            return Decision.GO_ON;
        }

        @Override
        public String result() {
            return longest;
        }
    }
}
