package io.github.coro4j.interop.owner;

import io.github.coro4j.Registration;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.DroppedObjects;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R31: what a body has left to the scope does not keep the body's task. */
class EndedStarterTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final DroppedObjects dropped = new DroppedObjects();
    private final Gate gate = new Gate();

    /** Starts a task that adds a hook, starts a child, and returns a value that only the task keeps. */
    private Task<Void> child(TaskScope scope) {
        AtomicReference<Task<Void>> child = new AtomicReference<>();
        Object value = dropped.object("what the hook held");
        scope.start(
                        "starter",
                        () -> {
                            Registration unused = Task.onCancel(value::hashCode);
                            child.set(scope.launch("child", gate::pass));
                            return dropped.object("the value of the starter");
                        })
                .join();
        return child.get();
    }

    @Test
    @Rule(31)
    void aChildThatRunsOn_keepsNeitherTheStarterNorItsHooks() {
        try (TaskScope scope = leaks.open("app")) {
            Task<Void> child = child(scope);
            dropped.awaitCollected();
            gate.open();
            child.join();
        }
    }
}
