package io.github.coro4j.interop.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.coro4j.ContextPropagator;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The snippets of docs/guide/context.md are regions of this class and of tests of other pages. */
class ContextGuideTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    void anInheritableThreadLocal_needsAPropagator() {
        // region An InheritableThreadLocal
        InheritableThreadLocal<String> user = new InheritableThreadLocal<>();
        user.set("ann");
        TaskScope.Builder builder =
                TaskScope.builder().name("page").contextPropagator(ContextPropagator.of(user));
        // endregion
        try (TaskScope scope = leaks.opened(builder.open());
                TaskScope plain = leaks.open("plain")) {
            assertEquals("ann", scope.start(user::get).join());
            assertNull(plain.start(user::get).join());
        } finally {
            user.remove();
        }
    }
}
