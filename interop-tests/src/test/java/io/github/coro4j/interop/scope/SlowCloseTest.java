package io.github.coro4j.interop.scope;

import static io.github.coro4j.spi.BuildInfo.seeError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.interop.testing.ChildProcess;
import io.github.coro4j.interop.testing.Rule;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A close that takes long logs once what it waits for, and goes on waiting (R23). */
@Rule(23)
class SlowCloseTest {
    private static final List<String> OPTIONS = List.of("-Dcoro4j.internal.slowCloseMillis=20");

    @ParameterizedTest
    @ValueSource(strings = {"close", "close in time", "close too late", "close async"})
    void aSlowCloseWarnsOnceWithStacks(String way) throws Exception {
        ChildProcess.End end = ChildProcess.run(3, OPTIONS, SlowCloses.class, way);
        assertEquals(0, end.code(), end::printed);
        String printed = end.printed();
        assertTrue(
                printed.startsWith(
                        "WARNING the close of scope \"page-0\" has waited 0.02 s, and waits on for the work below."
                                + " "
                                + seeError("slow-close")
                                + "\nscope \"page-0\" (closing, "),
                printed);
        assertTrue(printed.contains("task \"stuck\" (cancelling: "), printed);
        assertTrue(printed.contains("Gate.passUninterruptibly"), printed);
    }
}
