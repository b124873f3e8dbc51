package io.github.coro4j.interop.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.interop.testing.JavaCompilation;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The two modules show only the intended types and packages to user code. */
@Rule(30)
class SurfaceTest {
    private static final String ROOT = "io.github.coro4j";
    private static final String SPI = "io.github.coro4j.spi";

    @Test
    void signaturesOfTheContractUseOnlyTheJdkAndTheContract() throws IOException {
        List<String> strangers = new ArrayList<>();
        int seen = 0;
        for (Class<?> type : Artifact.api().publicTypes(ROOT)) {
            for (TypeUse use : TypeUse.usesIn(type)) {
                seen++;
                if (!use.used.startsWith("java.") && !packageOf(use.used).equals(ROOT)) {
                    strangers.add(use.toString());
                }
            }
        }
        assertEquals(List.of(), strangers);
        assertTrue(seen > 200, "only " + seen + " uses of types: does the walk still see them?");
    }

    @Test
    void signaturesOfTheSpiUseOnlyTheJdkAndTheContract() throws IOException {
        List<String> strangers = new ArrayList<>();
        for (Class<?> type : Artifact.api().publicTypes(SPI)) {
            for (TypeUse use : TypeUse.usesIn(type)) {
                if (!use.used.startsWith("java.")
                        && !Set.of(ROOT, SPI).contains(packageOf(use.used))) {
                    strangers.add(use.toString());
                }
            }
        }
        assertEquals(List.of(), strangers);
    }

    @Test
    void theContractHasTwoPackages() throws IOException {
        assertEquals(Set.of(ROOT, SPI), Artifact.api().packages());
    }

    // Newer JDKs have given these names to methods of their own Future, with another meaning.
    @Test
    void aFutureHasNoMethodNamesOfNewerJdks() {
        Set<String> names = new HashSet<>();
        for (Method method : Future.class.getDeclaredMethods()) {
            names.add(method.getName());
        }
        for (String taken : List.of("state", "resultNow", "exceptionNow")) {
            assertFalse(names.contains(taken), taken);
        }
    }

    @Test
    void theModuleOfTheContractRequiresOnlyJspecify() {
        ModuleDescriptor module = Artifact.api().descriptor();
        assertEquals("io.github.coro4j.api", module.name());
        assertFalse(module.isOpen() || module.isAutomatic());
        assertEquals(Set.of("mandated java.base", "static org.jspecify"), requires(module));
        assertEquals(
                Set.of(ROOT, SPI + " to io.github.coro4j, io.github.coro4j.test"), exports(module));
        assertEquals(Set.of(), module.opens());
        assertEquals(Set.of(SPI + ".Engine"), module.uses());
        assertEquals(Set.of(), module.provides());
    }

    @Test
    void theModuleOfTheEngineRequiresTheContractAndKotlin() {
        ModuleDescriptor module = Artifact.engine().descriptor();
        assertEquals("io.github.coro4j", module.name());
        assertFalse(module.isOpen() || module.isAutomatic());
        assertEquals(
                Set.of(
                        "mandated java.base",
                        "java.logging",
                        "static org.jspecify",
                        "transitive io.github.coro4j.api",
                        "transitive kotlin.stdlib",
                        "transitive kotlinx.coroutines.core"),
                requires(module));
        assertEquals(
                Set.of(
                        ROOT + ".coroutines",
                        // The API makes the engine by its name.
                        ROOT + ".internal.engine to io.github.coro4j.api"),
                exports(module));
        assertEquals(Set.of(), module.opens());
        assertEquals(
                Set.of(
                        ROOT + ".BlockingGuard",
                        ROOT + ".ContextPropagator",
                        ROOT + ".TaskListener",
                        ROOT + ".ThreadStart"),
                module.uses());
        assertEquals(
                Set.of(SPI + ".Engine with [io.github.coro4j.internal.engine.KotlinEngine]"),
                provides(module));
    }

    // The contract needs only JSpecify, and only at compile time.
    @Test
    void aSampleCompilesAgainstTheContractAndJspecifyAlone() {
        String sample =
                """
                package stranger;

                import io.github.coro4j.DeadlockException;
                import io.github.coro4j.Future;
                import io.github.coro4j.Gather;
                import io.github.coro4j.Outcome;
                import io.github.coro4j.Promise;
                import io.github.coro4j.Registration;
                import io.github.coro4j.Task;
                import io.github.coro4j.TaskScope;
                import java.time.Duration;
                import java.util.List;
                import java.util.concurrent.ExecutionException;
                import java.util.concurrent.TimeUnit;
                import java.util.concurrent.TimeoutException;

                class Sample {
                    String all(List<String> urls) throws InterruptedException {
                        try (TaskScope scope = TaskScope.open("sample")) {
                            Task<String> task = scope.start("one", () -> fetch("one"));
                            Task<Void> audit = scope.launch(() -> fetch("audit"));
                            Registration registration = task.addDoneCallback(f -> f.result());
                            Future<List<String>> pages =
                                    scope.gather(urls, url -> fetch(url)).concurrency(2).named("pages").all();
                            Promise<String> promise = Promise.create();
                            promise.complete(task.map(String::trim).join());
                            Future<List<Outcome<String>>> both = Gather.of(task, promise).settled();
                            for (Outcome<String> each : both.join()) {
                                if (each instanceof Outcome.Success<String> success) {
                                    return success.value();
                                }
                            }
                            registration.close();
                            audit.join(Duration.ofSeconds(1));
                            return pages.join().get(0) + task.get(1, TimeUnit.SECONDS);
                        } catch (ExecutionException | TimeoutException | DeadlockException e) {
                            return e.getMessage();
                        }
                    }

                    private static String fetch(String url) throws java.io.IOException {
                        return TaskScope.run("fetch", scope -> url);
                    }
                }
                """;
        JavaCompilation.of("stranger.Sample", sample)
                .against(Artifact.api().path(), Artifact.jspecify().path())
                .assertClean();
    }

    // This is the control: with the same path, the compiler cannot see the engine.
    @Test
    void theSameCompilationSeesNoEngine() {
        String sample = "class Sample { io.github.coro4j.internal.engine.KotlinEngine engine; }";
        JavaCompilation.of("Sample", sample)
                .against(Artifact.api().path(), Artifact.jspecify().path())
                .assertFailsWith("io.github.coro4j.internal");
    }

    private static String packageOf(String type) {
        return type.substring(0, Math.max(0, type.lastIndexOf('.')));
    }

    // ---- descriptors as sets of text

    private static Set<String> requires(ModuleDescriptor module) {
        Set<String> texts = new TreeSet<>();
        for (ModuleDescriptor.Requires each : module.requires()) {
            StringBuilder text = new StringBuilder();
            new TreeSet<>(each.modifiers())
                    .forEach(
                            modifier ->
                                    text.append(modifier.name().toLowerCase(Locale.ROOT))
                                            .append(' '));
            texts.add(text.append(each.name()).toString());
        }
        return texts;
    }

    private static Set<String> exports(ModuleDescriptor module) {
        Set<String> texts = new TreeSet<>();
        for (ModuleDescriptor.Exports each : module.exports()) {
            String to =
                    each.isQualified()
                            ? " to " + String.join(", ", new TreeSet<>(each.targets()))
                            : "";
            texts.add(each.source() + to);
        }
        return texts;
    }

    private static Set<String> provides(ModuleDescriptor module) {
        Set<String> texts = new TreeSet<>();
        for (ModuleDescriptor.Provides each : module.provides()) {
            texts.add(each.service() + " with " + each.providers());
        }
        return texts;
    }
}
