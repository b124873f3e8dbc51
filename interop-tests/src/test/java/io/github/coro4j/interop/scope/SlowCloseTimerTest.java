package io.github.coro4j.interop.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.interop.testing.ChildProcess;
import io.github.coro4j.interop.testing.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A close that no thread waits for has a timer for the warning. It must not outlive the close. */
@Rule(23)
class SlowCloseTimerTest {
    /** In this process the timers would outlive every hang guard. */
    private static final List<String> OPTIONS =
            List.of("-Dcoro4j.internal.slowCloseMillis=36000000");

    @Test
    void twoThreadsThatCloseAtOnceLeaveNoTimer() throws Exception {
        ChildProcess.End end = ChildProcess.run(3, OPTIONS, ClosesAtOnce.class);
        assertEquals(0, end.code(), end::printed);
    }
}
