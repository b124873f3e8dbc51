package io.github.coro4j.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The beans need no Micrometer: a process without it on its class path. */
class WithoutMicrometerTest {
    @TempDir Path folder;

    @Test
    void theBeansWorkInAProcessWithoutMicrometer() throws Exception {
        List<String> path =
                Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator));
        List<String> without = path.stream().filter(each -> !each.contains("micrometer")).toList();
        assertTrue(without.size() < path.size(), "it was there to be left out");
        assertEquals("no Micrometer, 1 task, then false", run(without));
        assertEquals("Micrometer, 1 task, then false", run(path));
    }

    private String run(List<String> classPath) throws Exception {
        Path log = Files.createTempFile(folder, "log", ".txt");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                classPath.stream().collect(Collectors.joining(File.pathSeparator)),
                                WithoutMicrometerMain.class.getName())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        return Files.readString(log).strip();
    }
}
