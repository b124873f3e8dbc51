package io.github.coro4j.interop.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.interop.testing.ChildProcess;
import io.github.coro4j.interop.testing.Rule;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing is left of an application that has done work of every kind and has closed its scopes. */
@Tag("large")
@Rule(34)
class NothingStaysTest {
    private static final int GUARD_MINUTES = 3;

    @ParameterizedTest
    @ValueSource(strings = {"inside", "outside"})
    void anApplicationIsUnloadedWithTheLibrary(String whereTheLibraryIs) throws Exception {
        assertEnds(
                ChildProcess.run(
                        GUARD_MINUTES, List.of(), UnloadedApplication.class, whereTheLibraryIs));
    }

    @Test
    void anIdleEngineHasNoThreadsAndLeavesNothingOnThoseOfTheUser() throws Exception {
        List<String> options = List.of("--add-opens=java.base/java.lang=ALL-UNNAMED");
        assertEnds(ChildProcess.run(GUARD_MINUTES, options, Leftovers.class));
    }

    private static void assertEnds(ChildProcess.End end) {
        assertEquals(0, end.code(), end::printed);
    }
}
