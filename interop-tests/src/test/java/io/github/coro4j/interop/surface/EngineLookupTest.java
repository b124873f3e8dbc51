package io.github.coro4j.interop.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.interop.testing.JavaCompilation;
import io.github.coro4j.spi.BuildInfo;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** If the class path has no engine, or two, every call throws an exception that says what to do. */
class EngineLookupTest {
    @TempDir Path folder;

    @Test
    void withoutAnEngineEveryCallSaysWhatToAdd() throws Exception {
        try (URLClassLoader loader = loader()) {
            String first = refusalOf("Task", "current", loader);
            assertTrue(first.contains("io.github.coro4j:coro4j:" + version()), first);
            assertTrue(first.contains(BuildInfo.seeError("no-engine")), first);
            assertEquals(first, refusalOf("Task", "current", loader));
            assertEquals(first, refusalOf("TaskScope", "global", loader));
            assertEquals(first, refusalOf("Promise", "create", loader));
        }
    }

    @Test
    void withTwoEnginesEveryCallNamesBothAndWhereTheyAre() throws Exception {
        Path one = engine("one.FirstEngine");
        Path two = engine("two.SecondEngine");
        try (URLClassLoader loader = loader(one, two)) {
            String first = refusalOf("Task", "current", loader);
            assertTrue(first.contains("one.FirstEngine"), first);
            assertTrue(first.contains("two.SecondEngine"), first);
            assertTrue(first.contains(one.toUri().toURL().toString()), first);
            assertTrue(first.contains(two.toUri().toURL().toString()), first);
            assertTrue(first.contains(version()), first);
            assertTrue(first.contains(BuildInfo.seeError("two-engines")), first);
            assertEquals(first, refusalOf("TaskScope", "global", loader));
        }
    }

    // The same loader finds a single engine, so only the number is wrong above.
    @Test
    void withOneEngineEveryCallUsesIt() throws Exception {
        try (URLClassLoader loader = loader(engine("one.FirstEngine"))) {
            Throwable answer = thrownBy("Task", "current", loader);
            assertInstanceOf(UnsupportedOperationException.class, answer);
            assertEquals("asked one.FirstEngine, number 1", answer.getMessage());
            assertEquals(
                    "asked one.FirstEngine, number 1",
                    thrownBy("TaskScope", "global", loader).getMessage());
        }
    }

    /** Returns a loader for the contract and the given folders, which does not see the engine of these tests. */
    private static URLClassLoader loader(Path... folders) throws IOException {
        List<URL> urls = new ArrayList<>(List.of(Artifact.api().url()));
        for (Path each : folders) {
            urls.add(each.toUri().toURL());
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    private static String refusalOf(String type, String method, ClassLoader loader)
            throws Exception {
        Throwable thrown = thrownBy(type, method, loader);
        return assertInstanceOf(IllegalStateException.class, thrown).getMessage();
    }

    private static Throwable thrownBy(String type, String method, ClassLoader loader)
            throws Exception {
        Class<?> api = loader.loadClass("io.github.coro4j." + type);
        return assertThrows(
                        InvocationTargetException.class, () -> api.getMethod(method).invoke(null))
                .getCause();
    }

    private static String version() {
        String version = BuildInfo.version();
        assertTrue(version.matches("\\d+\\.\\d+\\.\\d+(-\\w+)?"), version);
        return version;
    }

    /** Returns a folder with an engine that counts its instances and refuses every call. */
    private Path engine(String name) throws IOException {
        int dot = name.lastIndexOf('.');
        Path engine = Files.createDirectory(folder.resolve(name));
        JavaCompilation.of(
                        name,
                        ENGINE.replace("PACKAGE", name.substring(0, dot))
                                .replace("NAME", name.substring(dot + 1)))
                .against(Artifact.api().path(), Artifact.jspecify().path())
                .into(engine);
        Path services = Files.createDirectories(engine.resolve("META-INF/services"));
        Files.writeString(services.resolve("io.github.coro4j.spi.Engine"), name);
        return engine;
    }

    private static final String ENGINE =
            """
            package PACKAGE;

            import io.github.coro4j.Future;
            import io.github.coro4j.Gather;
            import io.github.coro4j.Promise;
            import io.github.coro4j.Task;
            import io.github.coro4j.TaskScope;
            import io.github.coro4j.ThrowingFunction;
            import io.github.coro4j.spi.Engine;
            import io.github.coro4j.spi.ScopeSettings;
            import java.time.Duration;
            import java.util.List;
            import java.util.concurrent.CompletionStage;

            public final class NAME implements Engine {
                private static int made;
                private final int number = ++made;

                private UnsupportedOperationException asked() {
                    return new UnsupportedOperationException(
                            "asked " + getClass().getName() + ", number " + number);
                }

                @Override public void awaitServices() {}
                @Override public TaskScope globalScope() { throw asked(); }
                @Override public TaskScope currentScope() { throw asked(); }
                @Override public Task<?> currentTask() { throw asked(); }
                @Override public void checkCancelled() { throw asked(); }
                @Override public String dumpAll() { throw asked(); }
                @Override public java.util.List<TaskScope> rootScopes() { throw asked(); }
                @Override public <T> T callIn(TaskScope scope, java.util.concurrent.Callable<? extends T> call) { throw asked(); }
                @Override public boolean wasReadLater(TaskScope scope, Throwable exception) { throw asked(); }
                @Override public String codeHere() { throw asked(); }
                @Override public String startedAt(Future<?> future) { throw asked(); }
                @Override public io.github.coro4j.spi.Activity activity(TaskScope scope, boolean listsWaiting) { throw asked(); }
                @Override public io.github.coro4j.Registration onCancel(io.github.coro4j.ThrowingRunnable hook) { throw asked(); }
                @Override public <T> T nonCancellable(java.util.concurrent.Callable<? extends T> cleanUp) { throw asked(); }
                @Override public TaskScope openScope(ScopeSettings settings) { throw asked(); }
                @Override public <T> T run(ScopeSettings settings, ThrowingFunction<? super TaskScope, ? extends T> body) { throw asked(); }
                @Override public Future<Void> sleep(Duration duration) { throw asked(); }
                @Override public <T> Promise<T> promise() { throw asked(); }
                @Override public <T> Future<T> completed(T value) { throw asked(); }
                @Override public <T> Future<T> failed(Throwable exception) { throw asked(); }
                @Override public <T> Future<T> cancelled(String reason) { throw asked(); }
                @Override public <T> Future<T> from(CompletionStage<? extends T> stage) { throw asked(); }
                @Override public <T> Future<T> fromBlocking(java.util.concurrent.Future<? extends T> future) { throw asked(); }
                @Override public io.github.coro4j.ConcurrencyLimit concurrencyLimit(String name, int capacity) { throw asked(); }
                @Override public <T> Gather<T> gather(List<Future<? extends T>> children) { throw asked(); }
                @Override public <K, T> io.github.coro4j.KeyedGather<K, T> keyedGather(List<K> keys, List<Future<? extends T>> children) { throw asked(); }
            }
            """;
}
