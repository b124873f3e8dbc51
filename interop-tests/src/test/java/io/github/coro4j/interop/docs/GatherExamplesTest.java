package io.github.coro4j.interop.docs;

import static io.github.coro4j.interop.docs.JavadocExamplesTest.ask;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Combination;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.GatherPolicy;
import io.github.coro4j.Hedged;
import io.github.coro4j.Outcome;
import io.github.coro4j.Partition;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Trail;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The examples of the javadoc that gather futures are regions of this class, and run. */
class GatherExamplesTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Trail trail = new Trail();

    @Test
    void firstSuccess() {
        int key = 7;
        List<Function<Integer, String>> mirrors =
                List.of(asked -> "answer " + 1 / (asked - 7), asked -> "answer " + asked);
        try (TaskScope scope = leaks.open("scope")) {
            // region firstSuccess
            String answer =
                    scope.gather(mirrors, mirror -> mirror.apply(key)).firstSuccess().join();
            // endregion
            assertEquals("answer 7", answer);
        }
        // The first mirror has failed before the cancel, or never began.
        assertTrue(leaks.takeReports().size() <= 1);
    }

    @Test
    void until() {
        try (TaskScope scope = leaks.open("scope")) {
            Gate gate = new Gate();
            List<Task<String>> tasks =
                    List.of(
                            scope.start(() -> "done"),
                            scope.start(
                                    () -> {
                                        gate.pass();
                                        return "pending";
                                    }));
            // region until
            Partition<String> parts = Gather.of(tasks).until(Gather.When.FIRST_DONE).join();
            // endregion
            assertEquals(List.copyOf(parts.done()), tasks.subList(0, 1));
            gate.open();
        }
    }

    @Test
    void gatherAsync() {
        List<String> urls = List.of("a", "bb");
        Client client = url -> CompletableFuture.completedFuture("page " + url);
        try (TaskScope scope = leaks.open("scope")) {
            // region gatherAsync
            List<String> pages =
                    scope.gatherAsync(urls, url -> Future.from(client.sendAsync(url)))
                            .concurrency(100)
                            .all()
                            .join();
            // endregion
            assertEquals(List.of("page a", "page bb"), pages);
        }
    }

    /** Stands for an HTTP client. */
    private interface Client {
        CompletableFuture<String> sendAsync(String url);
    }

    @Test
    void gather() {
        List<String> urls = List.of("a", "bb");
        try (TaskScope scope = leaks.open("scope")) {
            // region Gather
            List<Integer> sizes =
                    scope.gather(urls, url -> fetch(url).length()).concurrency(8).all().join();
            // endregion
            assertEquals(List.of(6, 7), sizes);
        }
    }

    @Test
    void timeout() {
        List<Shop> shops = List.of(new Shop(12), new Shop(9));
        try (TaskScope scope = leaks.open("scope")) {
            // region timeout
            List<Outcome<Offer>> offers =
                    scope.gather(shops, Shop::offer)
                            .timeout(Duration.ofMillis(300))
                            .settled()
                            .join();
            // endregion
            assertEquals(2, offers.size());
        }
    }

    @Test
    void policyOfTheUser() {
        List<Shop> shops = List.of(new Shop(12), new Shop(9));
        try (TaskScope scope = leaks.open("scope")) {
            // region by
            Offer offer = scope.gather(shops, Shop::offer).using(CheapEnough::new).join();
            // endregion
            assertEquals(9, offer.price());
        }
    }

    // region GatherPolicy
    class CheapEnough implements GatherPolicy<Offer, Offer> {
        private Offer best;

        public Decision ended(int index, Outcome<Offer> outcome) {
            if (outcome instanceof Outcome.Success<Offer> success) {
                Offer offer = success.value();
                best = best == null || offer.price() < best.price() ? offer : best;
            }
            return best != null && best.price() <= 10 ? Decision.STOP : Decision.GO_ON;
        }

        public Offer result() {
            return best;
        }
    }

    // endregion

    @Test
    void onProgress() {
        List<String> files = List.of("a", "b");
        Bar bar = new Bar();
        try (TaskScope scope = leaks.open("scope")) {
            // region onProgress
            scope.gather(files, this::copy)
                    .onProgress(p -> bar.show(p.done(), p.total()))
                    .all()
                    .join();
            // endregion
        }
        trail.assertSteps("1/2", "2/2");
    }

    @Test
    void asCompleted() {
        List<String> urls = List.of("a", "bb");
        try (TaskScope scope = leaks.open("scope")) {
            // region asCompleted
            for (Future<String> page :
                    scope.gather(urls, url -> fetch(url)).concurrency(8).asCompleted()) {
                index(page.join());
            }
            // endregion
        }
        assertEquals(2, trail.steps().size());
    }

    @Test
    void stream() {
        List<String> urls = List.of("a", "bb");
        String word = "page";
        Optional<String> found;
        try (TaskScope scope = leaks.open("scope")) {
            // region stream
            try (Stream<Future<String>> pages = scope.gather(urls, url -> fetch(url)).stream()) {
                found = pages.map(Future::join).filter(page -> page.contains(word)).findFirst();
            } // Leaving the block cancels the other downloads.
            // endregion
        }
        assertTrue(found.isPresent());
    }

    @Test
    void keyed() {
        Map<String, Future<Integer>> countsByShop = Map.of("south", Future.completed(3));
        // region KeyedGather
        Map<String, Integer> stock = Gather.keyed(countsByShop).all().join();
        // endregion
        assertEquals(Map.of("south", 3), stock);
    }

    @Test
    void collectors() {
        toGather(List.of(URI.create("a:b")));
        toKeyedGather(List.of(URI.create("a:b")));
    }

    private void toGather(List<URI> urls) {
        // region toGather
        List<String> pages =
                urls.stream().map(this::download).collect(Gather.toGather()).all().join();
        // endregion
        assertEquals(List.of("page a:b"), pages);
    }

    private void toKeyedGather(List<URI> urls) {
        // region toKeyedGather
        Map<URI, String> pages =
                urls.stream()
                        .collect(Gather.toKeyedGather(url -> url, this::download))
                        .all()
                        .join();
        // endregion
        assertEquals(Map.of(urls.get(0), "page a:b"), pages);
    }

    @Test
    void combine() {
        Future<String> user = Future.completed("ada");
        Future<Integer> orders = Future.completed(2);
        // region Combination
        Page page = Combination.of(user, orders, (u, o) -> new Page(u, o)).failFast().join();
        // endregion
        assertEquals(new Page("ada", 2), page);
    }

    @Test
    void hedge() {
        List<String> replicas = List.of("a", "b", "c");
        try (TaskScope scope = leaks.open("scope")) {
            // region hedge
            Hedged<String> answer =
                    scope.hedge(3, Duration.ofMillis(50), attempt -> ask(replicas.get(attempt)))
                            .join();
            // endregion
            assertEquals("answer of " + replicas.get(answer.attempt()), answer.value());
        }
    }

    private record Offer(int price) {}

    private record Shop(int price) {
        Offer offer() {
            return new Offer(price);
        }
    }

    private record Page(String user, int orders) {}

    private final class Bar {
        void show(long done, long total) {
            trail.add(done + "/" + total);
        }
    }

    private String copy(String file) {
        return file;
    }

    private void index(String page) {
        trail.add(page);
    }

    private Future<String> download(URI url) {
        return Task.start(() -> fetch(url.toString()));
    }

    private static String fetch(String url) {
        return "page " + url;
    }
}
