package io.github.coro4j.interop.future;

import io.github.coro4j.Promise;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.DroppedObjects;
import io.github.coro4j.interop.testing.NothingLeaks;
import java.lang.ref.Reference;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An ended future keeps its end, but neither its source, nor its function, nor its items. */
@Timeout(300)
class EndedKeepsNothingTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @EnumSource
    void inputOfAnEndedFuture_isCollected(EndedKind kind) throws Exception {
        DroppedObjects dropped = new DroppedObjects();
        try (TaskScope scope = leaks.open("scope")) {
            Object kept = kind.make(scope, dropped);
            try {
                dropped.awaitCollected();
            } finally {
                if ((kept instanceof List<?> list ? list.get(0) : kept)
                        instanceof Promise<?> pending) {
                    pending.cancel("the end");
                }
                Reference.reachabilityFence(kept);
            }
        }
        leaks.takeReports();
    }
}
