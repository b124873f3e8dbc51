package io.github.coro4j.interop.jobs;

import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.Registration;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.OneThreadExecutor;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The jobs of docs/jobs.md with HTTP: the server sees that a cancel reaches every call. */
@SuppressWarnings("try") // the hooks are only closed
class HttpJobsTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final StopButton stopButton = new StopButton();
    private final Gate deaf = new Gate();
    private final Trail trail = new Trail();
    private final Map<String, Task<?>> askers = new ConcurrentHashMap<>();
    private HoldingServer server;

    @AfterEach
    void stopTheServer() throws IOException {
        server.close();
    }

    private static HttpRequest get(String url) {
        return HttpRequest.newBuilder(URI.create(url)).build();
    }

    private String load(String url) throws IOException, InterruptedException {
        return client.send(get(url), ofString()).body();
    }

    @Test
    @Rule(31)
    void aPageOfBlockingLoads_isStopped() throws Exception {
        server = new HoldingServer(path -> null);
        try (TaskScope scope = leaks.open("app")) {
            List<String> urls = IntStream.range(0, 4).mapToObj(i -> server.url("/" + i)).toList();
            // region 1. A page of blocking loads
            Task<List<String>> page =
                    scope.start(
                            "page", () -> scope.gather(urls, url -> load(url)).failFast().join());
            stopButton.onClick(() -> page.cancel("the user has left"));
            // endregion
            server.awaitHeld(4);
            stopButton.click();
            assertTrue(page.joinOutcome().isCancelled());
            assertEquals(List.of(), List.copyOf(scope.tasks()));
            server.awaitGone(4);
        }
    }

    private String fastest(TaskScope scope, List<URL> mirrors, Duration limit) {
        // region 2. The first of several mirrors
        String file =
                scope.gather(
                                mirrors,
                                mirror -> {
                                    HttpURLConnection call =
                                            (HttpURLConnection) mirror.openConnection();
                                    try (Registration hook = Task.onCancel(call::disconnect)) {
                                        return read(call.getInputStream());
                                    }
                                })
                        .timeout(limit)
                        .firstSuccess()
                        .join();
        // endregion
        return file;
    }

    /** Reads an answer. The reader of the answer "deaf" can be stopped by nothing. */
    private String read(InputStream in) throws IOException {
        String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        if (text.equals("deaf")) {
            deaf.passUninterruptibly();
        }
        return text;
    }

    private List<URL> mirrors(String... paths) throws IOException {
        URL[] urls = new URL[paths.length];
        for (int i = 0; i < paths.length; i++) {
            urls[i] = URI.create(server.url(paths[i])).toURL();
        }
        return List.of(urls);
    }

    @Test
    @Rule({5, 32})
    void theFirstMirror_doesNotWaitForTheOthers() throws Exception {
        Gate othersRun = new Gate();
        server =
                new HoldingServer(
                        path -> {
                            if (path.equals("/fast")) {
                                othersRun.passUninterruptibly();
                            }
                            return path.equals("/held") ? null : path.substring(1);
                        });
        try (TaskScope scope = leaks.open("app")) {
            Task<String> file =
                    scope.start(
                            "file",
                            () ->
                                    fastest(
                                            scope,
                                            mirrors("/deaf", "/held", "/fast"),
                                            Duration.ofMinutes(1)));
            deaf.awaitReached();
            server.awaitHeld(1);
            othersRun.open();
            assertEquals("fast", file.join());
            server.awaitGone(1); // its read ignores interrupts
            assertFalse(scope.tasks().isEmpty(), "the deaf mirror runs on");
            deaf.open();
        }
    }

    @Test
    @Rule({5, 32})
    void noMirrorInTime_failsInTime() throws Exception {
        server = new HoldingServer(path -> path.substring(1));
        try (TaskScope scope = leaks.open("app")) {
            CompletionException late =
                    assertThrows(
                            CompletionException.class,
                            () ->
                                    fastest(
                                            scope,
                                            mirrors("/deaf", "/deaf"),
                                            Duration.ofMillis(300)));
            assertInstanceOf(TimeoutException.class, late.getCause());
            deaf.open();
        }
    }

    @Test
    @Rule({20, 22})
    void aThousandAsynchronousCalls_areStoppedHalfWay_andHoldNoThread() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        server = new HoldingServer(path -> calls.incrementAndGet() > 500 ? null : "page");
        try (OneThreadExecutor one = new OneThreadExecutor("one");
                TaskScope scope = leaks.open("app", one)) {
            List<String> urls =
                    IntStream.range(0, 1000).mapToObj(i -> server.url("/" + i)).toList();
            // region 3. A thousand asynchronous calls
            Future<List<HttpResponse<String>>> pages =
                    scope.gatherAsync(
                                    urls,
                                    url -> Future.from(client.sendAsync(get(url), ofString())))
                            .concurrency(8)
                            .failFast();
            stopButton.onClick(() -> pages.cancel("enough"));
            // endregion
            server.awaitHeld(8);
            assertEquals("free", scope.start(() -> "free").join(), "its only thread is free");
            stopButton.click();
            assertTrue(pages.joinOutcome().isCancelled());
            server.awaitGone(8);
            scope.join();
            assertEquals(508, server.requests());
        }
    }

    @Test
    @Rule(32)
    void tenBackends_answerFailOrAreLate() throws Exception {
        List<String> backends = IntStream.range(0, 10).mapToObj(i -> "backend-" + i).toList();
        server = new HoldingServer(path -> path.matches(".*[89]") ? null : path.substring(9));
        try (TaskScope scope = leaks.open("app")) {
            // region 4. Ten backends, with what has come in time
            Map<String, Outcome<String>> said =
                    backends.stream()
                            .collect(
                                    Gather.toKeyedGather(
                                            name -> name,
                                            name -> scope.start(name, () -> ask(name))))
                            .timeout(timeLeft())
                            .settled()
                            .join();
            said.forEach(
                    (name, end) ->
                            show(name, end.fold(v -> v, e -> "failed: " + e, c -> "late: " + c)));
            // endregion
            List<String> lines = trail.steps();
            assertEquals("backend-6 6", lines.get(6));
            assertEquals("backend-7 failed: broken", lines.get(7));
            assertTrue(lines.get(9).startsWith("backend-9 late: "), lines::toString);
            server.awaitGone(2);
        }
    }

    private String ask(String name) throws Exception {
        askers.put(name, Task.current());
        String answer = load(server.url("/" + name));
        if (answer.equals("7")) {
            throw new IOException("broken");
        }
        return answer;
    }

    /** Returns the limit once eight of the backends have answered, so that only the other two can be late. */
    private Duration timeLeft() {
        server.awaitRequests(10);
        askers.forEach(
                (name, asker) -> {
                    if (!name.matches(".*[89]")) {
                        asker.joinOutcome();
                    }
                });
        return Duration.ofMillis(300);
    }

    private void show(String name, String text) {
        trail.add(name + " " + text.replaceAll(": .*: ", ": "));
    }
}
