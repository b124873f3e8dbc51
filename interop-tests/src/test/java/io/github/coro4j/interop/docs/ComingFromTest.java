package io.github.coro4j.interop.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.ListeningExecutorService;
import com.google.common.util.concurrent.MoreExecutors;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import io.github.coro4j.Combination;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.GatherPolicy;
import io.github.coro4j.Outcome;
import io.github.coro4j.Partition;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Snippets;
import io.smallrye.mutiny.Uni;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every Java snippet of docs/coming-from.md is a region of this class, and runs, also those of the other libraries. */
class ComingFromTest {
    private static final Path PAGE = Path.of("..", "docs", "coming-from.md");
    private static final Path SELF =
            Path.of("src/test/java/io/github/coro4j/interop/docs/ComingFromTest.java");

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final List<Integer> ids = List.of(1, 2);

    @AfterEach
    void shutDown() throws InterruptedException {
        executor.shutdown();
        executor.awaitTermination(1, TimeUnit.MINUTES);
    }

    @Test
    void everySnippetIsARegionOfThisClass() {
        assertEquals(Snippets.fenced(PAGE, "java"), Snippets.regions(SELF));
    }

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
    void completableFuture() throws Exception {
        try (TaskScope scope = leaks.open("scope")) {
            // region Run several
            CompletableFuture<String> x = CompletableFuture.supplyAsync(() -> load(1), executor);
            CompletableFuture<String> y = CompletableFuture.supplyAsync(() -> load(2), executor);
            CompletableFuture.allOf(x, y).join();
            String both = x.join() + y.join();
            // endregion
            // region Run several
            Task<String> a = scope.start(() -> load(1));
            Task<String> b = scope.start(() -> load(2));
            String joined = Combination.of(a, b, (one, two) -> one + two).all().join();
            // endregion
            // region The first that answers
            Object any =
                    CompletableFuture.anyOf(x, y).join(); // or its failure; the other one runs on
            // endregion
            // region The first that answers
            String first = scope.gather(List.of(1, 2), id -> load(id)).firstSuccess().join();
            // endregion
            // region Steps, a failure, and the time
            CompletableFuture<Integer> length =
                    x.thenApply(String::length)
                            .exceptionally(e -> 0)
                            .orTimeout(2, TimeUnit.SECONDS);
            // endregion
            // region Steps, a failure, and the time
            Future<Integer> size =
                    a.map(String::length).recover(e -> 0).orTimeout(Duration.ofSeconds(2));
            // endregion
            // region A promise
            CompletableFuture<String> promised = new CompletableFuture<>();
            promised.complete("done");
            // endregion
            // region A promise
            Promise<String> promise = Promise.create();
            promise.complete("done");
            // endregion
            assertEquals(both, joined);
            assertEquals(6, ((String) any).length());
            assertEquals(6, first.length());
            assertEquals(length.join(), size.join());
            assertEquals(promised.join(), promise.join());
        }
    }

    @Test
    void guava() throws Exception {
        try (TaskScope scope = leaks.open("scope")) {
            ListeningExecutorService listening = MoreExecutors.listeningDecorator(executor);
            ListenableFuture<String> one = listening.submit(() -> load(1));
            ListenableFuture<String> two = listening.submit(() -> load(2));
            Task<String> a = scope.start(() -> load(1));
            Task<String> b = scope.start(() -> load(2));
            // region All, and those that succeeded
            ListenableFuture<List<String>> all = Futures.allAsList(one, two);
            ListenableFuture<List<String>> successful =
                    Futures.successfulAsList(one, two); // null for a failure
            // endregion
            // region All, and those that succeeded
            Future<List<String>> allOfThem = Gather.of(a, b).all();
            Future<List<Outcome<String>>> everyEnd =
                    Gather.of(a, b).settled(); // the failure itself
            // endregion
            // region A callback
            Futures.addCallback(
                    one,
                    new FutureCallback<String>() {
                        public void onSuccess(String page) {
                            show(page);
                        }

                        public void onFailure(Throwable failure) {
                            log(failure);
                        }
                    },
                    executor);
            // endregion
            // region A callback
            a.addDoneCallback(
                    done -> {
                        if (done.outcome() instanceof Outcome.Success<String> ok) {
                            show(ok.value());
                        } else {
                            log(done.exception());
                        }
                    },
                    executor);
            // endregion
            Promise<String> ran = Promise.create();
            a.addDoneCallback(done -> ran.complete("after the one before it"), executor);
            ran.join();
            assertEquals(all.get(), allOfThem.join());
            assertEquals(successful.get().size(), everyEnd.join().size());
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
    void mutiny() throws Exception {
        try (TaskScope scope = leaks.open("scope")) {
            // region Join
            List<String> items =
                    Uni.join()
                            .all(
                                    Uni.createFrom()
                                            .item(() -> load(1))
                                            .runSubscriptionOn(executor),
                                    Uni.createFrom()
                                            .item(() -> load(2))
                                            .runSubscriptionOn(executor))
                            .usingConcurrencyOf(8)
                            .andFailFast()
                            .await()
                            .atMost(Duration.ofSeconds(2));
            // endregion
            // region Join
            List<String> loaded =
                    scope.gather(List.of(1, 2), id -> load(id))
                            .concurrency(8)
                            .timeout(Duration.ofSeconds(2))
                            .failFast()
                            .join();
            // endregion
            // region Retry
            String again =
                    Uni.createFrom()
                            .item(() -> load(1))
                            .onFailure()
                            .retry()
                            .atMost(3)
                            .await()
                            .indefinitely();
            // endregion
            // region Retry
            Task<String> tried =
                    scope.start(
                            () -> {
                                try {
                                    return Failsafe.with(RetryPolicy.ofDefaults())
                                            .get(() -> load(1));
                                } catch (FailsafeException e) {
                                    throw e.getCause() instanceof Exception cause ? cause : e;
                                }
                            });
            // endregion
            assertEquals(items, loaded);
            assertEquals(again, tried.join());
        }
    }

    @Test
    void kotlin() throws Exception {
        try (TaskScope scope = leaks.open("scope")) {
            Task<String> a = scope.start(() -> load(1));
            // region Run several
            List<String> awaited = scope.gather(ids, id -> load(id)).failFast().join();
            // endregion
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
            assertEquals(List.of("page 1", "page 2"), awaited);
            assertEquals(2, outcomes.size());
            assertEquals("page 1", page);
            assertEquals(
                    "page 1",
                    stopped.exceptionOrNull() == null ? stopped.valueOrThrow() : "page 1");
            assertEquals(awaited, eight);
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

    private static String load(int id) {
        return "page " + id;
    }

    private static void show(String page) {
        assertEquals(6, page.length());
    }

    private static void log(Throwable failure) {
        throw new AssertionError(failure);
    }
}
