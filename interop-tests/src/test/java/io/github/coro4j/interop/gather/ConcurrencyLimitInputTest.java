package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.ConcurrencyLimit;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;

/** R3: bad input of {@link ConcurrencyLimit}. */
class ConcurrencyLimitInputTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final ConcurrencyLimit one = ConcurrencyLimit.of("backend", 1);

    @Test
    @Rule(3)
    void badInputIsRefused() {
        TaskScope scope = leaks.open("bad");
        assertSays("capacity must be at least 1, but is 0", () -> ConcurrencyLimit.of(0));
        assertSays("name must not be blank", () -> ConcurrencyLimit.of(" ", 1));
        assertSays("name must not be null", () -> ConcurrencyLimit.of(null, 1));
        assertSays("scope must not be null", () -> one.start(null, () -> 1));
        assertSays("body must not be null", () -> one.start(scope, null));
        assertSays("name must not be blank", () -> one.start(scope, "", () -> 1));
        ConcurrencyLimit none = null;
        assertSays(
                "limit must not be null", () -> scope.gather(List.of(1), i -> i).concurrency(none));
        ConcurrencyLimit foreign =
                (ConcurrencyLimit)
                        Proxy.newProxyInstance(
                                ConcurrencyLimit.class.getClassLoader(),
                                new Class<?>[] {ConcurrencyLimit.class},
                                (proxy, method, arguments) -> null);
        assertSays(
                "which is no limit of this engine",
                () -> scope.gather(List.of(1), i -> i).concurrency(foreign));
        assertSays("which already run", () -> Gather.of(Future.completed(1)).concurrency(one));
        scope.close();
        assertSays("scope \"bad\" is closed", () -> one.start(scope, () -> 1));
    }

    private static void assertSays(String text, Executable call) {
        RuntimeException e = assertThrows(RuntimeException.class, call);
        assertTrue(e.getMessage().contains(text), e::toString);
    }
}
