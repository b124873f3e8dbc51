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
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Program;
import io.github.coro4j.interop.testing.Snippets;
import io.smallrye.mutiny.Uni;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Every Java snippet of docs/coming-from.md, of all libraries, is a region here or in ComingFromScopesTest, and runs.
 * MigrationTest runs the programs of that page.
 */
class ComingFromTest {
    private static final Path PAGE = Path.of("..", "docs", "coming-from.md");
    private static final Path TESTS = Path.of("src/test/java/io/github/coro4j/interop/docs");

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final ExecutorService executor = Executors.newCachedThreadPool();

    @AfterEach
    void shutDown() throws InterruptedException {
        executor.shutdown();
        executor.awaitTermination(1, TimeUnit.MINUTES);
    }

    @Test
    void everySnippetIsARegionOfATest() {
        List<String> regions = new ArrayList<>();
        for (String test : List.of("ComingFromTest", "ComingFromScopesTest")) {
            regions.addAll(Snippets.regions(TESTS.resolve(test + ".java")));
        }
        assertEquals(
                Snippets.fenced(PAGE, "java").stream()
                        .filter(snippet -> !Program.isProgram(snippet))
                        .sorted()
                        .toList(),
                regions.stream().sorted().toList());
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
                                            .get(
                                                    () -> {
                                                        Task.checkCancelled();
                                                        return load(1);
                                                    });
                                } catch (FailsafeException e) {
                                    throw e.getCause() instanceof Exception cause ? cause : e;
                                }
                            });
            // endregion
            assertEquals(items, loaded);
            assertEquals(again, tried.join());
        }
    }

    static String load(int id) {
        return "page " + id;
    }

    static void show(String page) {
        assertEquals(6, page.length());
    }

    private static void log(Throwable failure) {
        throw new AssertionError(failure);
    }
}
