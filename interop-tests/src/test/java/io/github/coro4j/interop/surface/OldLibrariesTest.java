package io.github.coro4j.interop.surface;

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

/**
 * If Kotlin or kotlinx.coroutines is too old, the first use throws an exception that names the versions found and
 * needed. A folder in front of the real libraries makes them look old.
 */
@Rule(35)
class OldLibrariesTest {
    @TempDir Path folder;

    @Test
    void anOldCoroutinesLibraryIsNamedWithTheVersionThatIsNeeded() throws Exception {
        pretendCoroutines("1.6.4");
        assertRefused("kotlinx.coroutines 1.6.4", "kotlinx.coroutines 1.8.0");
    }

    @Test
    void anOldKotlinIsNamedWithTheVersionThatIsNeeded() throws Exception {
        pretendKotlin("1, 9, 25");
        assertRefused("Kotlin 1.9.25", "Kotlin 2.1.0");
    }

    @Test
    void bothAreNamedIfBothAreOld() throws Exception {
        pretendCoroutines("1.7.3");
        pretendKotlin("2, 0, 21");
        assertRefused("Kotlin 2.0.21 and kotlinx.coroutines 1.7.3", "Kotlin 2.1.0");
    }

    @Test
    void theOldestVersionsThatAreNewEnoughAreAccepted() throws Exception {
        pretendCoroutines("1.8.0-RC2");
        pretendKotlin("2, 1, 0");
        assertAccepted();
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
            assertTrue(first.contains("docs/errors.md#old-kotlin"), first);
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

    private void assertRefused(String found, String needed) throws Exception {
        try (URLClassLoader loader = all()) {
            String first = refusal(loader);
            assertTrue(first.contains("The class path has"), first);
            assertTrue(first.contains(found), first);
            assertTrue(first.contains(needed), first);
            assertTrue(first.contains("docs/errors.md#old-kotlin"), first);
            assertEquals(first, refusal(loader), "the second use says something else");
        }
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
