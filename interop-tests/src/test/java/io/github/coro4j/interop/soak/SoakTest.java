package io.github.coro4j.interop.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.interop.testing.ChildProcess;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The heap stays flat for any number of tasks. {@code -Dsoak.tasks=10000000} makes the test a long soak: see
 * stress/README.md.
 */
class SoakTest {
    private static final List<String> SMALL_HEAP = List.of("-Xmx64m", "-XX:+UseSerialGC");
    private static final String QUICK = "100000";

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void theHeapIsFlat() throws Exception {
        ChildProcess.End end =
                ChildProcess.run(
                        110, SMALL_HEAP, Soak.class, System.getProperty("soak.tasks", QUICK));
        System.out.println(end.printed());
        assertEquals(0, end.code(), end.printed());
    }

    /** The control keeps one small object for each task, and the measurement must find them. */
    @Test
    void leak_isFound() throws Exception {
        ChildProcess.End end = ChildProcess.run(1, SMALL_HEAP, Soak.class, QUICK, "leak");
        assertEquals(1, end.code(), end.printed());
    }
}
