package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.GatherPolicy;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A finalizer completes a promise, so a future that follows it ends, although the scope has forgotten this future. */
@Timeout(60)
@Rule(23)
class ResurrectedGatherTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Trail trail = new Trail();
    private final Gate finalizing = new Gate();
    private final AtomicReference<Future<?>> seen = new AtomicReference<>();

    enum Following {
        ALL(p -> Gather.of(p).all()),
        SETTLED(p -> Gather.of(p).settled()),
        FIRST_DONE(p -> Gather.of(p, p).firstDone()),
        BY_POLICY(p -> Gather.of(p).using(OwnPolicy::new)),
        WATCHED(p -> Gather.of(p).onProgress(progress -> {}).all()),
        NESTED(p -> Gather.of(Gather.of(p).all()).all()),
        MAPPED(p -> Gather.of(p).all().map(list -> list)),
        SHIELDED(p -> Gather.of(p).all().shield()),
        FLAT_MAPPED(p -> Future.completed("first").flatMap(first -> p.shield()));

        private final Function<Promise<String>, Future<?>> follow;

        Following(Function<Promise<String>, Future<?>> follow) {
            this.follow = follow;
        }
    }

    private static final class OwnPolicy implements GatherPolicy<String, String> {
        @Override
        public Decision ended(int index, Outcome<String> outcome) {
            return Decision.GO_ON;
        }

        @Override
        public String result() {
            return "result";
        }
    }

    @ParameterizedTest
    @EnumSource
    void noCallbackRunsAfterTheScopeHasClosed(Following following) throws Exception {
        ExecutorService callbacks = Executors.newSingleThreadExecutor();
        ThreadPoolExecutor bodies = (ThreadPoolExecutor) Executors.newFixedThreadPool(1);
        TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .executor(bodies)
                                .callbackExecutor(callbacks)
                                .failureListener(leaks.listener())
                                .open());
        scope.launch(() -> drop(following)).join();
        // A flatMap is forgotten once its function has returned.
        int ended = following == Following.FLAT_MAPPED ? 2 : 1;
        while (bodies.getCompletedTaskCount() < ended) Thread.onSpinWait();
        collectUntilFinalizing();
        // The promise may be unreachable before the future is.
        while (scope.dump().lines().count() > 1) System.gc();
        scope.close();
        trail.add("closed");
        finalizing.open();
        trail.await("completed");
        seen.get().joinOutcome();
        assertTrue(seen.get().isCancelled(), () -> seen.get().toString());
        // All callbacks before this task have run.
        callbacks.submit(() -> trail.add("the last one")).get();
        callbacks.shutdown();
        bodies.shutdown();
        trail.assertSteps("closed", "completed", "the last one");
    }

    @ParameterizedTest
    @EnumSource
    @Rule(10)
    void whileTheScopeIsOpenTheCallbackStillRuns(Following following) {
        TaskScope scope = leaks.open("open");
        scope.launch(() -> drop(following)).join();
        collectUntilFinalizing();
        finalizing.open();
        trail.await("completed");
        seen.get().joinOutcome();
        assertFalse(seen.get().isCancelled());
        scope.close();
        trail.add("closed");
        assertEquals(3, trail.steps().size());
        assertEquals("closed", trail.steps().get(2));
    }

    private void drop(Following following) {
        Promise<String> promise = Promise.create();
        Future<?> future = following.follow.apply(promise);
        future.addDoneCallback(done -> trail.add("callback"));
        new Resource(promise, future, this);
    }

    /** Completes its promise when it has become unreachable. */
    private static final class Resource {
        private final Promise<String> promise;
        private final Future<?> future;
        private final ResurrectedGatherTest test;

        Resource(Promise<String> promise, Future<?> future, ResurrectedGatherTest test) {
            this.promise = promise;
            this.future = future;
            this.test = test;
        }

        @Override
        @SuppressWarnings({"removal", "deprecation"})
        protected void finalize() {
            test.finalizing.passUninterruptibly();
            test.seen.set(future);
            promise.complete("late");
            test.trail.add("completed");
        }
    }

    private void collectUntilFinalizing() {
        Thread collecting = new Thread(finalizing::awaitReached, "until finalizing");
        collecting.start();
        while (collecting.isAlive()) {
            System.gc();
        }
    }
}
