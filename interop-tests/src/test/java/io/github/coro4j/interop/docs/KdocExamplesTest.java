package io.github.coro4j.interop.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.coroutines.FlowIterator;
import io.github.coro4j.coroutines.Flows;
import io.github.coro4j.coroutines.Suspend;
import io.github.coro4j.interop.docs.KdocExamplesKotlinTest.Users;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Snippets;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import kotlin.coroutines.Continuation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every Java example of the KDoc is a region of this class, and runs. KdocExamplesKotlinTest has the examples in Kotlin. */
class KdocExamplesTest {
    static final Path API = Path.of("../kotlin-impl/src/main/kotlin/io/github/coro4j/coroutines");
    private static final Path SELF =
            Path.of("src/test/java/io/github/coro4j/interop/docs/KdocExamplesTest.java");

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Trail trail = new Trail();
    private final Log log = new Log();
    private final Repository repository = new Repository();

    @Test
    void everyExampleIsARegionOfThisClass() throws IOException {
        TreeSet<String> examples = examples("java");
        assertTrue(examples.size() >= 7, "too few examples were found");
        assertEquals(examples, new TreeSet<>(Snippets.regions(SELF)));
    }

    static TreeSet<String> examples(String language) throws IOException {
        TreeSet<String> examples = new TreeSet<>();
        try (Stream<Path> sources = Files.list(API)) {
            sources.forEach(file -> examples.addAll(Snippets.kdoc(file, language)));
        }
        return examples;
    }

    @Test
    void iterator() {
        // region iterator
        try (FlowIterator<String> lines = Flows.iterator(log.lines())) {
            while (lines.hasNext()) {
                show(lines.next());
            }
        }
        // endregion
        trail.assertSteps("INFO a", "ERROR b", "ERROR c");
    }

    @Test
    void stream() {
        assertEquals(List.of("ERROR b", "ERROR c"), errors());
    }

    private List<String> errors() {
        // region stream
        try (Stream<String> lines = Flows.stream(log.lines())) {
            return lines.filter(line -> line.contains("ERROR")).limit(10).toList();
        }
        // endregion
    }

    @Test
    void publisher() {
        // region publisher
        Flow.Publisher<String> lines = Flows.publisher(log.lines());
        // endregion
        assertNotNull(lines);
    }

    @Test
    void call() {
        // region call
        Task<User> user = Suspend.call(c -> repository.load(42, c));
        Task<List<User>> all = Suspend.call(repository::loadAll);
        // endregion
        assertEquals("user 42", user.join().getName());
        assertEquals(2, all.join().size());
    }

    @Test
    void launch() {
        User user = new User(1, "Ann");
        // region launch
        Task<Void> saved = Suspend.launch(c -> repository.save(user, c));
        // endregion
        assertNull(saved.join());
        assertEquals(List.of(user), repository.getSaved());
    }

    @Test
    void runBlocking() {
        List<Integer> ids = List.of(1, 2, 3);
        try (TaskScope scope = leaks.open("scope")) {
            // region runBlocking
            List<User> users =
                    scope.gather(ids, id -> Suspend.<User>runBlocking(c -> repository.load(id, c)))
                            .concurrency(8)
                            .all()
                            .join();
            // endregion
            assertEquals(List.of("user 1", "user 2", "user 3"), names(users));
        }
    }

    @Test
    void gather() {
        List<Integer> ids = List.of(1, 2, 3);
        try (TaskScope scope = leaks.open("scope")) {
            // region gather
            List<User> users =
                    Suspend.<Integer, User>gather(scope, ids, (id, c) -> repository.load(id, c))
                            .concurrency(8)
                            .all()
                            .join();
            // endregion
            assertEquals(List.of("user 1", "user 2", "user 3"), names(users));
        }
    }

    private static List<String> names(List<User> users) {
        return users.stream().map(User::getName).toList();
    }

    @Test
    void returning() {
        JavaUsers users = new JavaUsers();
        Task<User> loaded = Suspend.call(c -> users.load(42, c));
        assertEquals("user 42", loaded.join().getName());
    }

    // region returning
    public final class JavaUsers implements Users { // in Kotlin: suspend fun load(id: Int): User
        @Override
        public Object load(int id, Continuation<? super User> c) {
            return Suspend.returning(c, Task.start("load", () -> readUser(id)));
        }
    }

    // endregion

    private static User readUser(int id) {
        return new User(id, "user " + id);
    }

    private void show(String line) {
        trail.add(line);
    }
}
