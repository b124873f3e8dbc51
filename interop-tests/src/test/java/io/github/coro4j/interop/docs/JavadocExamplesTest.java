package io.github.coro4j.interop.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.ConcurrencyLimit;
import io.github.coro4j.ContextPropagator;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every example of the API's javadoc is a region here or in one of four other classes, and runs. */
class JavadocExamplesTest {
    private static final Path API = Path.of("../java-api/src/main/java/io/github/coro4j");
    private static final Path TESTS = Path.of("src/test/java/io/github/coro4j/interop/docs");

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Trail trail = new Trail();

    @Test
    void everyExampleIsARegionOfATest() throws IOException {
        TreeSet<String> examples = new TreeSet<>();
        try (Stream<Path> sources = Files.list(API)) {
            sources.filter(file -> file.toString().endsWith(".java"))
                    .forEach(file -> examples.addAll(Snippets.javadoc(file)));
        }
        assertTrue(examples.size() >= 8, "too few examples were found");
        TreeSet<String> regions = new TreeSet<>();
        for (String test :
                List.of(
                        "JavadocExamplesTest",
                        "GatherExamplesTest",
                        "ScopeExamplesTest",
                        "CancelExamplesTest",
                        "EngineExamplesTest")) {
            regions.addAll(Snippets.regions(TESTS.resolve(test + ".java")));
        }
        assertEquals(examples, regions);
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
    void concurrencyLimit() {
        List<String> urls = List.of("/a", "/b");
        try (TaskScope scope = leaks.open("scope")) {
            // region ConcurrencyLimit
            ConcurrencyLimit backend = ConcurrencyLimit.of("backend", 20);
            Future<List<String>> pages =
                    scope.gather(urls, url -> fetch(url)).concurrency(backend).all();
            Task<String> health = backend.start(scope, "health", () -> fetch("/health"));
            // endregion
            assertEquals(List.of("page /a", "page /b"), pages.join());
            assertEquals("page /health", health.join());
        }
    }

    private static String fetch(String url) {
        return "page " + url;
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

    static String ask(String replica) {
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
}
