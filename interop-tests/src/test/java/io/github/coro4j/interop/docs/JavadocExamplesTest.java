package io.github.coro4j.interop.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Combination;
import io.github.coro4j.ContextPropagator;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.GatherPolicy;
import io.github.coro4j.Hedged;
import io.github.coro4j.Outcome;
import io.github.coro4j.Partition;
import io.github.coro4j.Promise;
import io.github.coro4j.Registration;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Snippets;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every example of the API's javadoc is a region of this class, and runs. */
class JavadocExamplesTest {
    private static final Path API = Path.of("../java-api/src/main/java/io/github/coro4j");
    private static final Path SELF =
            Path.of("src/test/java/io/github/coro4j/interop/docs/JavadocExamplesTest.java");

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Trail trail = new Trail();

    @Test
    void everyExampleIsARegionOfThisClass() throws IOException {
        TreeSet<String> examples = new TreeSet<>();
        try (Stream<Path> sources = Files.list(API)) {
            sources.filter(file -> file.toString().endsWith(".java"))
                    .forEach(file -> examples.addAll(Snippets.javadoc(file)));
        }
        assertTrue(examples.size() >= 8, "too few examples were found");
        assertEquals(examples, new TreeSet<>(Snippets.regions(SELF)));
    }

    @Test
    void future() {
        // region Future
        Future<Integer> length = Task.start(() -> "coro4j").map(String::length);
        length.addDoneCallback(f -> System.out.println("length: " + f.result()));
        int six = length.join();
        // endregion
        assertEquals(6, six);
    }

    @Test
    void task() {
        // region Task
        Task<String> user = Task.start("load-user", () -> load(42));
        Task<Void> audit = Task.launch("audit", () -> write("asked for 42"));
        System.out.println(user.join());
        audit.join();
        // endregion
        trail.assertSteps("asked for 42");
    }

    @Test
    void onFailure() {
        // region onFailure
        Task.start("load", () -> load(42)).onSuccess(this::show).onFailure(this::log);
        // endregion
        trail.await("user 42");
    }

    @Test
    void named() {
        // region named
        Future<Integer> size =
                Task.start("load", () -> load(42)).map(String::length).named("size of 42");
        // endregion
        assertEquals(7, size.join());
        assertTrue(size.toString().contains("\"size of 42\""), size.toString());
    }

    @Test
    void fold() {
        Outcome<String> page = Future.completed(load(42)).joinOutcome();
        // region fold
        String text = page.fold(value -> value, failure -> "failed", cancellation -> "cancelled");
        // endregion
        assertEquals("user 42", text);
    }

    @Test
    void checkCancelled() {
        Gate gate = new Gate();
        List<Row> rows = List.of(new Row(1), new Row(2));
        try (TaskScope scope = leaks.open("scope")) {
            Task<Void> task =
                    scope.launch(
                            "rows",
                            () -> {
                                gate.passUninterruptibly();
                                // region checkCancelled
                                for (Row row : rows) {
                                    Task.checkCancelled();
                                    crunch(row);
                                }
                                // endregion
                            });
            gate.awaitReached();
            task.cancel("enough");
            gate.open();
            Outcome<Void> end = task.joinOutcome();
            assertTrue(end.exceptionOrNull() instanceof TaskCancelledException, end.toString());
        }
        trail.assertSteps();
    }

    @Test
    void promise() {
        Client client = new Client();
        // region Promise
        Promise<String> answer = Promise.create();
        client.ask(
                "how many?",
                new Handler() {
                    public void onAnswer(String text) {
                        answer.complete(text);
                    }

                    public void onError(Exception e) {
                        answer.fail(e);
                    }
                });
        String text = answer.join();
        // endregion
        assertEquals("42", text);
    }

    @Test
    void fromBlocking() {
        ExecutorService legacyPool = Executors.newSingleThreadExecutor();
        // region fromBlocking
        Future<Report> report = Future.fromBlocking(legacyPool.submit(() -> render()));
        // endregion
        assertEquals(new Report("rendered"), report.join());
        legacyPool.shutdown();
    }

    private record Report(String text) {}

    private static Report render() {
        return new Report("rendered");
    }

    @Test
    void asExecutorService() throws Exception {
        try (TaskScope scope = leaks.open("scope")) {
            // region asExecutorService
            LegacyClient client = new LegacyClient(scope.asExecutorService());
            // endregion
            assertEquals(
                    "scope", client.executor().submit(() -> Task.current().scope().name()).get());
        }
    }

    private record LegacyClient(ExecutorService executor) {}

    @Test
    void outcome() {
        try (TaskScope scope = leaks.open("scope")) {
            Gather<String> pages = scope.gather(List.of(1, 0), n -> "page " + 1 / n);
            // region Outcome
            for (Outcome<String> page : pages.settled().join()) {
                if (page instanceof Outcome.Success<String> ok) {
                    show(ok.value());
                } else {
                    log(page.exceptionOrNull());
                }
            }
            // endregion
        }
        trail.assertSteps("page 1", "java.lang.ArithmeticException: / by zero");
    }

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
    void registration() {
        Gate gate = new Gate();
        Task<Void> task = Task.launch(gate::pass);
        // region Registration
        Registration r = task.addDoneCallback(f -> System.out.println("done"));
        if (r.remove()) {
            // "done" will never be printed
        }
        // endregion
        assertFalse(r.remove(), "it was removed already");
        gate.open();
        task.join();
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
    void taskScope() {
        // region TaskScope
        try (TaskScope scope = TaskScope.open("page")) {
            Task<String> user = scope.start("user", () -> loadUser());
            Task<String> cart = scope.start("cart", () -> loadCart());
            render(user.join(), cart.join());
        } // Leaving the block cancels unfinished tasks and waits for them to stop.
        // endregion
        trail.assertSteps("ada, something");
    }

    @Test
    void contextPropagator() {
        // region ContextPropagator
        ThreadLocal<String> tenant = new ThreadLocal<>();
        try (TaskScope scope =
                TaskScope.builder().contextPropagator(ContextPropagator.of(tenant)).open()) {
            tenant.set("acme");
            Task<String> bill = scope.start(() -> "bill for " + tenant.get());
            tenant.remove();
            show(bill.join()); // bill for acme
        }
        // endregion
        trail.assertSteps("bill for acme");
    }

    @Test
    void run() {
        // region TaskScope.run
        int total =
                TaskScope.run(
                        "sum",
                        scope -> {
                            Task<Integer> a = scope.start(() -> 20);
                            Task<Integer> b = scope.start(() -> 22);
                            return a.join() + b.join();
                        });
        // endregion
        assertEquals(42, total);
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

    private static String ask(String replica) {
        return "answer of " + replica;
    }

    private record Row(int number) {}

    private interface Handler {
        void onAnswer(String text);

        void onError(Exception e);
    }

    private static final class Client {
        void ask(String question, Handler handler) {
            if (question.isEmpty()) {
                handler.onError(new IllegalArgumentException("no question"));
            } else {
                handler.onAnswer("42");
            }
        }
    }

    private void crunch(Row row) {
        trail.add(row);
    }

    private static String load(int id) {
        return "user " + id;
    }

    private void write(String line) {
        trail.add(line);
    }

    private void show(String page) {
        trail.add(page);
    }

    private void log(Throwable problem) {
        trail.add(problem);
    }

    private static String fetch(String url) {
        return "page " + url;
    }

    private static String loadUser() {
        return "ada";
    }

    private static String loadCart() {
        return "something";
    }

    private void render(String user, String cart) {
        trail.add(user + ", " + cart);
    }
}
