package io.github.coro4j.interop.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The first use of an engine reads {@code coro4j.debug}. Each test has an engine of its own. */
class DebugPropertyTest {
    private static final String PROPERTY = "coro4j.debug";

    private String before;

    @BeforeEach
    void remember() {
        before = System.getProperty(PROPERTY);
    }

    @AfterEach
    void restore() {
        if (before == null) {
            System.clearProperty(PROPERTY);
        } else {
            System.setProperty(PROPERTY, before);
        }
    }

    @Test
    void aWrongSettingIsRefusedAtEachUse() throws Exception {
        System.setProperty(PROPERTY, "yes");
        try (URLClassLoader loader = loader()) {
            for (int use = 0; use < 2; use++) {
                Throwable thrown =
                        assertThrows(InvocationTargetException.class, () -> global(loader))
                                .getCause();
                assertEquals(
                        "the system property coro4j.debug must be true or false, but is 'yes'",
                        assertInstanceOf(IllegalStateException.class, thrown).getMessage());
            }
        }
    }

    @Test
    void aRightSettingIsAccepted() throws Exception {
        System.setProperty(PROPERTY, "false");
        try (URLClassLoader loader = loader()) {
            assertNotNull(global(loader));
        }
    }

    private static Object global(ClassLoader loader) throws ReflectiveOperationException {
        return loader.loadClass("io.github.coro4j.TaskScope").getMethod("global").invoke(null);
    }

    private static URLClassLoader loader() throws Exception {
        URL[] urls = {
            Artifact.api().url(),
            Artifact.engine().url(),
            Artifact.kotlin().url(),
            Artifact.coroutines().url()
        };
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }
}
