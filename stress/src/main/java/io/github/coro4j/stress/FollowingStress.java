package io.github.coro4j.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LZ_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * The list of a scope's jobs: a job that follows a future, which may end while the function that returned it still
 * returns. The actors run on two threads, as those of {@link JobsStress} do.
 */
public final class FollowingStress {
    private FollowingStress() {}

    /** The future that a function returns ends while the function returns. A task that ends later is in the list, too. */
    @JCStressTest
    @Outcome(id = "success, true", expect = ACCEPTABLE, desc = "Join waited for both")
    @State
    public static class FollowedEndAgainstReturn {
        private final Promise<Integer> promise = Promise.create();
        private final Following following = new Following(promise);
        private final List<Runnable> later = new ArrayList<>(1);
        private Task<?> last;

        public FollowedEndAgainstReturn() {
            // Awaited here, so that the next body is the one of the last task.
            following.body();
            following.keepIn(later);
            last = following.scope.start(() -> 3);
        }

        @Actor
        public void returns() {
            following.body().run();
            later.get(0).run();
        }

        @Actor
        public void complete(LZ_Result result) {
            promise.complete(2);
            following.scope.join();
            result.r1 = Ends.of(following.future);
            result.r2 = last.isDone();
        }
    }

    /** A cancel ends a job that follows a future while its function returns, so two threads may remove the job. */
    @JCStressTest
    @Outcome(
            id = "cancelled",
            expect = ACCEPTABLE,
            desc = "It left the list once, and join returned")
    @State
    public static class CancelAgainstReturn {
        private final Following following = new Following(Promise.create());

        public CancelAgainstReturn() {
            following.body();
        }

        @Actor
        public void returns() {
            following.body().run();
        }

        @Actor
        public void cancel(L_Result result) {
            following.scope.cancel("enough");
            following.scope.join();
            result.r1 = Ends.of(following.future);
        }
    }

    /** A {@code flatMap} whose function an actor runs. The function returns a given future. */
    private static final class Following {
        final TaskScope scope =
                TaskScope.builder().name("following").executor(this::execute).open();
        final Future<Integer> future;
        private final CompletableFuture<Runnable> body = new CompletableFuture<>();
        private volatile List<Runnable> kept;
        private boolean isBegun;

        Following(Future<Integer> returned) {
            Task<Integer> source = scope.start(() -> 1);
            isBegun = true;
            future = source.flatMap(value -> returned);
        }

        private void execute(Runnable work) {
            if (!isBegun) {
                work.run();
            } else if (kept == null) {
                body.complete(work);
            } else {
                kept.add(work);
            }
        }

        /** Waits for the engine's pool, which hands the function to the executor. */
        Runnable body() {
            return body.join();
        }

        /** Keeps the bodies that follow in {@code list}. */
        void keepIn(List<Runnable> list) {
            kept = list;
        }
    }
}
