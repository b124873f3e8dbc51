package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.interop.testing.NothingLeaks;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The methods that JDK 19 has added to its {@code Future}, which ours inherits. */
class NewerJdkTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    void whatNewerJdksAskOfAFuture() throws Exception {
        assumeTrue(Runtime.version().feature() >= 19);
        IOException broken = new IOException("broken");
        Future<String> value = Future.completed("value");
        Future<String> failed = Future.failed(broken);
        Future<String> cancelled = Future.cancelled("not needed");
        Promise<String> pending = Promise.create();
        assertEquals("RUNNING", ask(pending, "state").toString());
        assertEquals("SUCCESS", ask(value, "state").toString());
        assertEquals("FAILED", ask(failed, "state").toString());
        assertEquals("CANCELLED", ask(cancelled, "state").toString());
        assertEquals("value", ask(value, "resultNow"));
        assertSame(broken, ask(failed, "exceptionNow"));
        assertSame(broken, ask(failed.toCompletableFuture(), "exceptionNow"));
        for (Future<String> each : List.of(failed, cancelled, pending)) {
            assertThrows(IllegalStateException.class, () -> ask(each, "resultNow"));
        }
        for (Future<String> each : List.of(value, cancelled, pending)) {
            assertThrows(IllegalStateException.class, () -> ask(each, "exceptionNow"));
        }
        // Looking does not wait, so the flag is nothing to it.
        Thread.currentThread().interrupt();
        assertEquals("value", ask(value, "resultNow"));
        assertTrue(Thread.interrupted());
        pending.cancel();
    }

    private static Object ask(java.util.concurrent.Future<?> future, String method)
            throws Exception {
        try {
            // By reflection: the tests are compiled for JDK 17.
            return java.util.concurrent.Future.class.getMethod(method).invoke(future);
        } catch (InvocationTargetException e) {
            throw assertInstanceOf(Exception.class, e.getCause());
        }
    }
}
