package io.github.coro4j.interop.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.coro4j.ContextPropagator;
import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.coroutines.FlowIterator;
import io.github.coro4j.coroutines.Flows;
import io.github.coro4j.coroutines.Suspend;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Snippets;
import io.github.coro4j.interop.testing.Trail;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import kotlin.Unit;
import kotlin.coroutines.Continuation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every Java snippet of docs/interop.md is a region here, in Shop or in InteropLibrariesTest, and runs. */
class InteropDocTest {
    private static final Path PAGE = Path.of("..", "docs", "interop.md");
    private static final Path TESTS = Path.of("src/test/java/io/github/coro4j/interop");

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Trail trail = new Trail();
    private final Repository repository = new Repository();
    private final Log log = new Log();

    @Test
    void everySnippetIsARegionOfATest() {
        List<String> regions = new ArrayList<>();
        for (String file :
                List.of(
                        "docs/InteropDocTest.java",
                        "docs/Shop.java",
                        "bridges/InteropLibrariesTest.java")) {
            regions.addAll(Snippets.regions(TESTS.resolve(file)));
        }
        assertEquals(
                Snippets.fenced(PAGE, "java").stream().sorted().toList(),
                regions.stream().sorted().toList());
    }

    @Test
    void javaReadsATaskOfASuspendBody() {
        try (TaskScope scope = leaks.open("page")) {
            Task<String> greeting = InteropDocKotlinTestKt.greeting(scope, repository, 42);
            // region A suspend body is a task
            greeting.addDoneCallback(done -> show(done.outcome()));
            String text = greeting.join();
            // endregion
            assertEquals("Dear user 42", text);
        }
        trail.assertSteps("Success[value=Dear user 42]");
    }

    @Test
    void javaCallsSuspendFunctions() {
        User ann = new User(7, "Ann");
        // region Java calls a suspend function
        Task<User> user = Suspend.call("load", c -> repository.load(42, c));
        Task<List<User>> all = Suspend.call(repository::loadAll);
        Task<Void> saved = Suspend.launch(c -> repository.save(ann, c)); // Unit becomes Void
        // endregion
        assertEquals("user 42", user.join().getName());
        assertEquals(2, all.join().size());
        assertNull(saved.join());
        assertEquals(List.of(ann), repository.getSaved());
    }

    @Test
    void javaGathersOverSuspendFunctions() {
        List<Integer> ids = List.of(1, -2, 3);
        try (TaskScope scope = leaks.open("page")) {
            // region Java gathers over suspend functions
            List<Outcome<User>> users =
                    scope.gather(ids, id -> Suspend.<User>runBlocking(c -> repository.load(id, c)))
                            .concurrency(8)
                            .timeout(Duration.ofSeconds(20))
                            .settled()
                            .join();
            // endregion
            assertEquals("user 1", users.get(0).valueOrThrow().getName());
            assertEquals("no user -2", users.get(1).exceptionOrNull().getMessage());
            assertEquals("user 3", users.get(2).valueOrThrow().getName());
        }
    }

    @Test
    void javaImplementsASuspendInterface() {
        JavaUsers users = new JavaUsers();
        Task<User> loaded = Suspend.call(c -> users.load(3, c));
        assertEquals("user 3", loaded.join().getName());
        assertNull(Suspend.launch(c -> users.save(new User(1, "Bob"), c)).join());
        trail.assertSteps("Bob");
    }

    // region Java implements a suspend interface
    final class JavaUsers implements Users {
        @Override
        public Object load(int id, Continuation<? super User> c) {
            return Suspend.returning(c, Task.start("load", () -> readUser(id)));
        }

        @Override
        public Object save(User user, Continuation<? super Unit> c) {
            return Suspend.returningUnit(c, Task.launch("save", () -> write(user)));
        }
    }

    // endregion

    @Test
    void javaReadsAFlow() throws Exception {
        // region Java reads a flow
        try (FlowIterator<String> lines = Flows.iterator(log.lines())) {
            while (lines.hasNext()) {
                show(lines.next());
            }
        }
        // endregion
        trail.assertSteps("INFO a", "ERROR b", "ERROR c");
        // region Java reads a flow
        List<String> errors;
        try (Stream<String> lines = Flows.stream(log.lines())) {
            errors = lines.filter(line -> line.startsWith("ERROR")).limit(1).toList();
        }
        // endregion
        assertEquals(List.of("ERROR b"), errors);
        Counting subscriber = new Counting();
        // region Java reads a flow
        Flow.Publisher<String> lines = Flows.publisher(log.lines());
        lines.subscribe(subscriber);
        // endregion
        assertEquals(3, subscriber.count.join());
    }

    @Test
    void completableFuture() {
        try (TaskScope scope = leaks.open("page")) {
            // region CompletableFuture, both ways
            CompletableFuture<String> out = scope.start("page", () -> load()).toCompletableFuture();
            Future<String> in = Future.from(CompletableFuture.supplyAsync(() -> load()));
            // endregion
            assertEquals("page", out.join());
            assertEquals("page", in.join());
        }
    }

    @Test
    void executorServices() throws Exception {
        ExecutorService legacyPool = Executors.newSingleThreadExecutor();
        try (TaskScope scope = leaks.open("page")) {
            // region The future of an ExecutorService
            Future<String> report = Future.fromBlocking(legacyPool.submit(() -> load()));
            // endregion
            assertEquals("page", report.join());
            // region An ExecutorService
            LegacyClient client = new LegacyClient(scope.asExecutorService());
            // endregion
            assertEquals("page", client.load());
        } finally {
            legacyPool.shutdown();
        }
    }

    private record LegacyClient(ExecutorService executor) {
        String load() throws Exception {
            return executor.submit(() -> InteropDocTest.load()).get();
        }
    }

    @Test
    void threadLocalOfTheUser() {
        // region A thread-local of your own
        ThreadLocal<String> tenant = new ThreadLocal<>();
        TaskScope.Builder builder =
                TaskScope.builder().name("page").contextPropagator(ContextPropagator.of(tenant));
        // endregion
        try (TaskScope scope = leaks.opened(builder.open())) {
            tenant.set("acme");
            assertEquals("acme", scope.start(tenant::get).join());
            assertEquals("acme", InteropDocKotlinTestKt.inASuspendBody(scope, tenant).join());
        } finally {
            tenant.remove();
        }
    }

    private static final class Counting implements Flow.Subscriber<String> {
        private int seen;
        final Promise<Integer> count = Promise.create();

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String item) {
            seen++;
        }

        @Override
        public void onError(Throwable exception) {
            count.fail(exception);
        }

        @Override
        public void onComplete() {
            count.complete(seen);
        }
    }

    private static String load() {
        return "page";
    }

    private static User readUser(int id) {
        return new User(id, "user " + id);
    }

    private void write(User user) {
        trail.add(user.getName());
    }

    private void show(Object what) {
        trail.add(what);
    }
}
