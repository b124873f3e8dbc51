package io.github.coro4j.interop.surface;

import static io.github.coro4j.spi.BuildInfo.seeError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.interop.testing.JavaCompilation;
import io.github.coro4j.interop.testing.Rule;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * If Kotlin or kotlinx.coroutines is too old, the first use throws an exception that says in one sentence what was found and
 * what to set. A folder in front of the libraries makes them look old, or the libraries are old.
 */
@Rule(35)
class OldLibrariesTest {
    private static final String COROUTINES =
            "The class path has kotlinx.coroutines %s, which is too old for coro4j:"
                    + " set kotlinx-coroutines-core to 1.8.1 or later"
                    + " (in Spring Boot, the property kotlin-coroutines.version). "
                    + seeError("old-kotlin");
    private static final String BOTH =
            "The class path has Kotlin %s and kotlinx.coroutines %s, which are too old for coro4j:"
                    + " set kotlin-stdlib to 1.9.25 or later and kotlinx-coroutines-core to 1.8.1 or later"
                    + " (in Spring Boot, the properties kotlin.version and kotlin-coroutines.version)."
                    + " "
                    + seeError("old-kotlin");

    @TempDir Path folder;

    @Test
    void oldCoroutines_areNamedWithTheVersionToSet() throws Exception {
        pretendCoroutines("1.8.0");
        assertRefused(COROUTINES.formatted("1.8.0"));
    }

    @Test
    void oldKotlin_isNamedWithTheVersionToSet() throws Exception {
        pretendKotlin("1, 9, 24");
        assertRefused(
                "The class path has Kotlin 1.9.24, which is too old for coro4j: set kotlin-stdlib to 1.9.25 or later"
                        + " (in Spring Boot, the property kotlin.version). "
                        + seeError("old-kotlin"));
    }

    @Test
    void bothAreNamedIfBothAreOld() throws Exception {
        pretendCoroutines("1.7.3");
        pretendKotlin("1, 8, 22");
        assertRefused(BOTH.formatted("1.8.22", "1.7.3"));
    }

    @Test
    void oldestVersionsThatAreTested_areAccepted() throws Exception {
        pretendCoroutines("1.8.1");
        pretendKotlin("1, 9, 25");
        assertAccepted();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.8.1-RC2", "1.9", "2.0.0", "1.10.0-dev.7", "unknown"})
    void versionsOfEveryForm_areAccepted(String version) throws Exception {
        pretendCoroutines(version);
        assertAccepted();
    }

    // The check itself runs on them, and nothing that they lack is loaded before it.
    @Test
    void realOldLibraries_areRefused() throws Exception {
        assertRefused(BOTH.formatted("1.6.21", "1.6.4"), old("1.6.21", "1.6.4"));
        assertRefused(BOTH.formatted("1.9.10", "1.6.4"), old("1.9.10", "1.6.4"));
        assertRefused(BOTH.formatted("1.9.10", "1.8.0"), old("1.9.10", "1.8.0"));
    }

    @Test
    void realOldCoroutinesWithANewKotlin_areRefused() throws Exception {
        URL kotlin = Artifact.kotlin().url();
        assertRefused(COROUTINES.formatted("1.6.4"), kotlin, oldCoroutines("1.6.4"));
        assertRefused(COROUTINES.formatted("1.8.0"), kotlin, oldCoroutines("1.8.0"));
    }

    // Shading or packaging for Android removes the version; the engine then checks the members.
    @Test
    void aCoroutinesLibraryWithoutAVersionIsAccepted() throws Exception {
        pretendCoroutines("");
        assertAccepted();
    }

    @Test
    void aClassPathWithoutKotlinIsRefused() throws Exception {
        try (URLClassLoader loader =
                loader(List.of(Artifact.api().url(), Artifact.engine().url()))) {
            String first = refusal(loader);
            assertTrue(first.contains("No usable engine"), first);
            assertTrue(first.contains("kotlin-stdlib"), first);
            assertTrue(first.contains(seeError("old-kotlin")), first);
        }
    }

    private void pretendCoroutines(String version) throws IOException {
        Path meta = Files.createDirectories(folder.resolve("META-INF"));
        Files.writeString(meta.resolve("kotlinx_coroutines_core.version"), version);
    }

    private void pretendKotlin(String version) {
        String text =
                "package kotlin; final class KotlinVersionCurrentValue { static KotlinVersion get() {"
                        + " return new KotlinVersion(VERSION); } }";
        JavaCompilation.of("kotlin.KotlinVersionCurrentValue", text.replace("VERSION", version))
                .against(Artifact.kotlin().path())
                .into(folder);
    }

    private static URL[] old(String kotlin, String coroutines) throws IOException {
        return new URL[] {old("kotlin-stdlib-" + kotlin), oldCoroutines(coroutines)};
    }

    private static URL oldCoroutines(String version) throws IOException {
        return old("kotlinx-coroutines-core-jvm-" + version);
    }

    private static URL old(String name) throws IOException {
        Path jar = Path.of("target", "old-libraries", name + ".jar");
        assertTrue(Files.exists(jar), jar + " is missing; the build copies it");
        return jar.toUri().toURL();
    }

    private void assertRefused(String message, URL... libraries) throws Exception {
        List<URL> urls = new ArrayList<>(List.of(folder.toUri().toURL()));
        urls.add(Artifact.api().url());
        urls.add(Artifact.engine().url());
        urls.addAll(List.of(libraries));
        try (URLClassLoader loader = loader(urls)) {
            assertEquals(message, refusal(loader));
            assertEquals(message, refusal(loader), "the second use says something else");
        }
    }

    private void assertRefused(String message) throws Exception {
        assertRefused(message, Artifact.kotlin().url(), Artifact.coroutines().url());
    }

    private void assertAccepted() throws Exception {
        try (URLClassLoader loader = all()) {
            assertNotNull(global(loader));
        }
    }

    private static String refusal(ClassLoader loader) {
        Throwable thrown =
                assertThrows(InvocationTargetException.class, () -> global(loader)).getCause();
        return assertInstanceOf(IllegalStateException.class, thrown).getMessage();
    }

    private static Object global(ClassLoader loader) throws ReflectiveOperationException {
        return loader.loadClass("io.github.coro4j.TaskScope").getMethod("global").invoke(null);
    }

    private URLClassLoader all() throws IOException {
        List<URL> urls = new ArrayList<>(List.of(folder.toUri().toURL()));
        urls.add(Artifact.api().url());
        urls.add(Artifact.engine().url());
        urls.add(Artifact.kotlin().url());
        urls.add(Artifact.coroutines().url());
        return loader(urls);
    }

    private static URLClassLoader loader(List<URL> urls) {
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }
}
