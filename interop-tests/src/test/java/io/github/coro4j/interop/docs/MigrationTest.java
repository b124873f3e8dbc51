package io.github.coro4j.interop.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Program;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Runs the programs of docs/coming-from.md, before and after a migration. The page has the output of each. */
@Timeout(120)
class MigrationTest {
    private static final Path PAGE = Path.of("..", "docs", "coming-from.md");

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @TempDir Path folder;

    @Test
    void eachProgram_printsWhatThePageSays() throws Exception {
        assertEquals(3, Program.assertOutputsOf(PAGE, folder));
    }
}
