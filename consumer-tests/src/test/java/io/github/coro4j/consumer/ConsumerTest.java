package io.github.coro4j.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Runs a program that an old compiler has compiled, on the versions for which the published POM asks. */
class ConsumerTest {
    @Test
    void program_getsTheResults() {
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("await", "Ann");
        expected.put("outcome", "out of order, true");
        expected.put("task", 42);
        expected.put("gather", List.of(10, 20, 30));
        expected.put("flow", Set.of(-1, -2, -3));
        expected.put("all", List.of(1, 2));
        expected.put("deferred", 3);
        expected.put("coroutine", 4);
        expected.put("scope", 5);
        Map<String, Object> found = new LinkedHashMap<>(Consumer.INSTANCE.results());
        String cancelled = found.remove("cancel").toString();
        assertTrue(cancelled.contains("endless was cancelled: not needed"), cancelled);
        assertEquals(expected, found);
    }

    @Test
    void classPath_hasTheVersionsThatThePomAsksFor() throws IOException {
        assertEquals("1.9.25", kotlin.KotlinVersion.CURRENT.toString());
        assertEquals("1.8.1", versionOfCoroutines());
    }

    /** The compiler writes the version of its metadata into each class. */
    @Test
    void program_wasCompiledByTheOldCompiler() {
        int[] metadata = Consumer.class.getAnnotation(kotlin.Metadata.class).mv();
        String compiler = System.getProperty("oldest.compiler.version");
        String minor = metadata[0] + "." + metadata[1] + ".";
        assertTrue(compiler.startsWith(minor), compiler + " did not write " + minor);
    }

    private static String versionOfCoroutines() throws IOException {
        ClassLoader loader = kotlinx.coroutines.Job.class.getClassLoader();
        try (InputStream in =
                loader.getResourceAsStream("META-INF/kotlinx_coroutines_core.version")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }
}
