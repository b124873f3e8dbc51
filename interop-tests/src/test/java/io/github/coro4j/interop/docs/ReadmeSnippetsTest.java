package io.github.coro4j.interop.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.coroutines.Suspend;
import io.github.coro4j.interop.Gate;
import io.github.coro4j.interop.NothingLeaks;
import io.github.coro4j.interop.Trail;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every Java snippet of the README is a region of this class, runs, and prints what the README says. */
class ReadmeSnippetsTest {
    private static final Path README = Path.of("..", "README.md");
    private static final Path SELF =
            Path.of("src/test/java/io/github/coro4j/interop/docs/ReadmeSnippetsTest.java");

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream realOut = System.out;
    private final Gate slow = new Gate();

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setOut(realOut);
    }

    @Test
    void everySnippetIsARegionOfThisClass() {
        assertEquals(Snippets.fenced(README, "java"), Snippets.regions(SELF));
    }

    @Test
    void theFirstScreen() {
        // region the first screen
        try (TaskScope scope = TaskScope.open("page")) {
            Task<String> user = scope.start("user", () -> loadUser(42));
            Task<Integer> cart = scope.start("cart", () -> countItems(42));
            user.addDoneCallback(task -> System.out.println(task.outcome()));

            List<Integer> prices =
                    scope.gather(List.of("a", "b", "c"), id -> price(id))
                            .concurrency(2)
                            .all()
                            .join();
            System.out.println(user.join() + ", " + cart.join() + " items, " + prices);
        } // what still runs here is cancelled, and waited for
        // endregion
        // No order is promised between a callback and a thread that waits.
        String sorted = printedText().lines().sorted().collect(Collectors.joining("\n"));
        assertEquals(Snippets.fenced(README, "").get(0), oneLine(sorted));
    }

    @Test
    void oneFails() {
        try (TaskScope scope = leaks.open("scope")) {
            // region one fails
            Gather<Integer> gather = scope.gather(List.of(4, 0, 2), n -> 100 / n).named("divide");
            for (Outcome<Integer> each : gather.settled().join()) {
                System.out.println(each);
            }
            // endregion
        }
        assertEquals(Snippets.fenced(README, "").get(1), oneLine(printedText()));
    }

    @Test
    void howToCancel() {
        try (TaskScope scope = leaks.open("scope")) {
            Task<?> first = scope.start(() -> null);
            first.join();
            // region how to cancel
            Task<String> download = scope.start("download", () -> readSlowly());
            Outcome<String> end = download.cancelAndJoin("user went away");
            System.out.println(end);
            System.out.println(download);
            // endregion
        }
        assertEquals(Snippets.fenced(README, "").get(2), oneLine(printedText()));
    }

    @Test
    void whichThread() {
        Trail trail = new Trail();
        Executor uiThread = work -> new Thread(work, "ui").start();
        Label label = new Label(trail);
        try (TaskScope scope = leaks.open("scope")) {
            Task<String> task = scope.start(() -> "done");
            // region which thread
            task.addDoneCallback(
                    done -> System.out.println("on the callback executor: " + done.outcome()));
            task.addDoneCallback(done -> label.setText(done.result()), uiThread);
            // endregion
            trail.await("done on ui");
        }
        assertEquals("on the callback executor: Success[value=done]", oneLine(printedText()));
    }

    @Test
    void whatIsRunning() {
        Gate cleanUp = new Gate();
        Gate price = new Gate();
        AtomicInteger threads = new AtomicInteger();
        ExecutorService executor =
                Executors.newFixedThreadPool(
                        2, work -> new Thread(work, "shop-" + threads.incrementAndGet()));
        try (TaskScope scope = leaks.open("shop", executor)) {
            Task<String> load =
                    scope.start(
                            "load",
                            () -> {
                                try {
                                    return readSlowly();
                                } finally {
                                    cleanUp.passUninterruptibly();
                                }
                            });
            slow.awaitReached();
            scope.gather(
                            List.of(0, 1, 2),
                            i -> {
                                if (i == 1) {
                                    price.pass();
                                }
                                return i;
                            })
                    .concurrency(1)
                    .named("prices")
                    .all();
            price.awaitReached();
            scope.launch("page", () -> {});
            load.cancel("user went away");
            cleanUp.awaitReached();
            // region what is running
            System.out.println(scope.dump());
            // endregion
            cleanUp.open();
            price.open();
            scope.join();
        } finally {
            executor.shutdown();
        }
        assertTrue(printedText().contains("at io.github.coro4j.interop.Gate.pass("), printedText());
        assertEquals(timeless(Snippets.fenced(README, "").get(3)), timeless(printedText()));
    }

    @Test
    void javaCallsSuspendFunctions() {
        ReadmeRepository repository = new ReadmeRepository();
        // region Java calls suspend functions
        Task<Cart> cart =
                Suspend.call(c -> repository.loadCart(42, c)); // Java calls a suspend function
        Task<List<String>> news = Suspend.call(repository::loadNews);
        cart.cancel("user went away"); // and its cancel reaches it
        // endregion
        assertEquals(List.of("bread is out"), news.join());
        assertEquals(
                "user went away",
                ((TaskCancelledException) cart.joinOutcome().exceptionOrNull()).reason());
    }

    /** Without times, ages and stacks, which are never the same. */
    private static String timeless(String dump) {
        return oneLine(dump)
                .replaceAll(" at [^ ]+\\((Native Method|[^ ]+)\\)", "")
                .replaceAll("age \\d+ s", "age ? s")
                .replaceAll("for \\d+\\.\\d{3} s", "for ? s");
    }

    private record Label(Trail trail) {
        void setText(String text) {
            trail.add(text + " on " + Thread.currentThread().getName());
        }
    }

    private String printedText() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    private static String loadUser(int id) {
        return "Ann";
    }

    private static int countItems(int id) {
        return id / 14;
    }

    private static int price(String id) {
        return id.charAt(0);
    }

    private String readSlowly() throws InterruptedException {
        slow.pass();
        return "never";
    }
}
