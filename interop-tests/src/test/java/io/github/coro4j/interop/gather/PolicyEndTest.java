package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.GatherPolicy;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.DroppedObjects;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A group with a policy of the user ends, and something else is still to come. */
@Timeout(60)
class PolicyEndTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** Ends the group with the first child. */
    private static final class Concluding implements GatherPolicy<Object, String> {
        @Override
        public Decision ended(int index, Outcome<Object> outcome) {
            return Decision.CONCLUDE;
        }

        @Override
        public String result() {
            return "enough";
        }
    }

    private static final class Broken implements GatherPolicy<Object, String> {
        @Override
        public Decision ended(int index, Outcome<Object> outcome) {
            throw new IllegalArgumentException("policy");
        }

        @Override
        public String result() {
            return "never";
        }
    }

    @Test
    void endedGroup_keepsNoMemberThatThePolicyHasNotSeen() {
        DroppedObjects dropped = new DroppedObjects();
        Future<String> group = concluded(dropped);
        dropped.awaitCollected();
        assertEquals("enough", group.join());
    }

    private static Future<String> concluded(DroppedObjects dropped) {
        Promise<Object> first = Promise.create();
        Promise<Object> second = Promise.create();
        Future<String> group =
                Gather.of(List.<Future<Object>>of(first, second)).using(Concluding::new);
        first.complete("first");
        group.join();
        second.complete(dropped.object("the value of the second member"));
        return group;
    }

    // The iterator fails while two bodies run. The group cancels them, and asks the policy about
    // their ends.
    @Test
    @Rule({13, 17})
    void policyThatThrowsAfterTheIterator_isReported() {
        IllegalStateException thrown = new IllegalStateException("iterator");
        Gate never = new Gate();
        try (TaskScope scope = leaks.open("broken")) {
            Future<String> group =
                    scope.gather(
                                    () -> throwingAfterTwo(thrown),
                                    item -> {
                                        never.pass();
                                        return (Object) item;
                                    })
                            .concurrency(4)
                            .using(Broken::new);
            assertSame(thrown, assertThrows(CompletionException.class, group::join).getCause());
        }
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size(), reports::toString);
        assertEquals(FailureReport.Kind.CALLBACK_FAILED, reports.get(0).kind());
        assertEquals("policy", reports.get(0).exception().getMessage());
    }

    private static Iterator<Integer> throwingAfterTwo(RuntimeException thrown) {
        return new Iterator<>() {
            private int given;

            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public Integer next() {
                if (given == 2) {
                    throw thrown;
                }
                return given++;
            }
        };
    }
}
