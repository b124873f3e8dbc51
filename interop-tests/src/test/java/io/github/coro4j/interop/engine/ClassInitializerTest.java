package io.github.coro4j.interop.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.interop.testing.ChildProcess;
import io.github.coro4j.interop.testing.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** A thread that waits for a class initializer looks to the JVM like a thread that computes. */
class ClassInitializerTest {
    // From JDK 24 on such bodies hold their carriers, which only the JDK can change; see ADR 3.
    @Test
    @EnabledForJreRange(max = JRE.JAVA_23)
    @Rule(25)
    void bodiesThatWaitForAClassInitializerDoNotStarveThePool() throws Exception {
        ChildProcess.End end = ChildProcess.run(3, List.of(), ClassInitializer.class);
        assertEquals(0, end.code(), end::printed);
    }
}
