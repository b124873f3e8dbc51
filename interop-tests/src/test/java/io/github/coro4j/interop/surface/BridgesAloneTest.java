package io.github.coro4j.interop.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The bridges load even if none of the other libraries is there. */
class BridgesAloneTest {
    private static final String GUAVA = "io.github.coro4j.bridges.GuavaFutures";

    @Test
    void theModuleResolvesWithoutTheLibraries() throws Exception {
        ModuleFinder finder = ModuleFinder.of(Path.of(bridges().toURI()), Path.of(api().toURI()));
        Configuration graph =
                ModuleLayer.boot()
                        .configuration()
                        .resolve(finder, ModuleFinder.of(), Set.of("io.github.coro4j.bridges"));
        assertEquals(
                Set.of("io.github.coro4j.api", "io.github.coro4j.bridges"),
                graph.modules().stream().map(each -> each.name()).collect(Collectors.toSet()));
    }

    @Test
    void onlyAMethodThatNamesAMissingLibraryNeedsIt() throws Exception {
        URL[] path = {bridges(), api()};
        try (URLClassLoader loader =
                new URLClassLoader(path, ClassLoader.getPlatformClassLoader())) {
            Class<?> future = loader.loadClass("io.github.coro4j.Future");
            assertTrue(future.isInterface());
            Class<?> guava = loader.loadClass(GUAVA);
            NoClassDefFoundError missing =
                    assertThrows(NoClassDefFoundError.class, () -> call(guava, future));
            assertTrue(missing.getMessage().contains("ListenableFuture"), missing.getMessage());
        }
    }

    private static void call(Class<?> guava, Class<?> future) throws Exception {
        Method view = guava.getMethod("toListenableFuture", future);
        try {
            view.invoke(null, (Object) null);
        } catch (InvocationTargetException e) {
            throw new AssertionError(e.getCause());
        }
    }

    private static URL bridges() throws ClassNotFoundException {
        // The class is neither initialised nor linked, because that would need Guava.
        Class<?> type = Class.forName(GUAVA, false, BridgesAloneTest.class.getClassLoader());
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    private static URL api() {
        return Future.class.getProtectionDomain().getCodeSource().getLocation();
    }
}
