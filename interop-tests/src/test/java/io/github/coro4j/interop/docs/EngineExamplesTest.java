package io.github.coro4j.interop.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.EngineSettings;
import io.github.coro4j.Task;
import io.github.coro4j.interop.testing.ChildProcess;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of the javadoc that set up the engine are regions of this class. Each runs in a process of its own. */
class EngineExamplesTest {

    static final class Settings {
        public static void main(String[] args) {
            // region EngineSettings
            EngineSettings.create().poolThreads(32).idleTime(Duration.ofSeconds(2)).apply();
            // endregion
            System.out.println(Task.start(() -> "started").join());
        }
    }

    static final class Priority {
        public static void main(String[] args) {
            // region ThreadStart
            EngineSettings.create()
                    .threadStart(thread -> thread.setPriority(Thread.MIN_PRIORITY))
                    .apply();
            // endregion
            Task<Void> slept = Task.start(() -> Task.sleep(Duration.ofMillis(1)).join());
            slept.join();
            for (Thread each : Thread.getAllStackTraces().keySet()) {
                if (each.getName().equals("coro4j-timer")) {
                    System.out.println(each.getPriority());
                }
            }
        }
    }

    @Test
    void settings() throws Exception {
        assertEquals("started\n", printedBy(Settings.class));
    }

    @Test
    void priority() throws Exception {
        assertEquals("1\n", printedBy(Priority.class));
    }

    private static String printedBy(Class<?> main) throws Exception {
        return ChildProcess.run(2, List.of(), main).printed();
    }
}
