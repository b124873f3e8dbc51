package io.github.coro4j.interop.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Program;
import io.github.coro4j.interop.testing.Snippets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the program of the README, and compares its output with the output in the README. */
class ReadmeProgramTest {
    private static final Path README = Path.of("..", "README.md");

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @TempDir Path folder;

    @Test
    void theProgramPrintsWhatTheReadmeSays() throws Exception {
        List<String> programs = Snippets.fencedLines(README, "java");
        List<String> outputs = Snippets.fencedLines(README, "");
        assertEquals(1, programs.size(), "number of Java snippets");
        assertEquals(1, outputs.size(), "number of outputs");
        // Callbacks are not ordered relative to join().
        String printed = Program.of(programs.get(0)).outputIn(folder);
        assertEquals(sorted(outputs.get(0)), sorted(printed));
    }

    private static List<String> sorted(String text) {
        return text.lines().sorted().toList();
    }
}
