package io.github.coro4j.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Registration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;
import org.openjdk.jcstress.infra.results.L_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** Done-callbacks that are added and removed while the future completes. */
public final class CallbackStress {
    /** Runs them on the engine's thread that hands them over. */
    private static final Executor ON_THE_SPOT = Runnable::run;

    private CallbackStress() {}

    /**
     * Returns when every callback added before has run, if it ever will: on one executor they run in the order in which
     * they were added.
     */
    private static void awaitCallbacks(Future<?> future) {
        CountDownLatch latch = new CountDownLatch(1);
        future.addDoneCallback(done -> latch.countDown(), ON_THE_SPOT);
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @JCStressTest
    @Outcome(id = "1, false", expect = ACCEPTABLE, desc = "Once, and not on an actor's stack")
    @State
    public static class AddAgainstComplete {
        private final Promise<Integer> promise = Promise.create();
        private final AtomicInteger calls = new AtomicInteger();
        private volatile Thread completer;
        private volatile Thread adder;
        private volatile Thread caller;

        @Actor
        public void complete() {
            completer = Thread.currentThread();
            promise.complete(1);
        }

        @Actor
        public void add() {
            adder = Thread.currentThread();
            promise.addDoneCallback(
                    done -> {
                        calls.incrementAndGet();
                        caller = Thread.currentThread();
                    },
                    ON_THE_SPOT);
        }

        @Arbiter
        public void read(IZ_Result result) {
            awaitCallbacks(promise);
            result.r1 = calls.get();
            result.r2 = caller == completer || caller == adder;
        }
    }

    @JCStressTest
    @Outcome(id = "abc", expect = ACCEPTABLE, desc = "In the order in which they were added")
    @State
    public static class OrderAgainstComplete {
        private final Promise<Integer> promise = Promise.create();
        private volatile String trail = "";

        public OrderAgainstComplete() {
            add("a");
        }

        @SuppressWarnings("NonAtomicOperationOnVolatileField") // one after another is the claim
        private void add(String name) {
            promise.addDoneCallback(done -> trail += name, ON_THE_SPOT);
        }

        @Actor
        public void complete() {
            promise.complete(1);
        }

        @Actor
        public void add() {
            add("b");
            add("c");
        }

        @Arbiter
        public void read(L_Result result) {
            awaitCallbacks(promise);
            result.r1 = trail;
        }
    }

    @JCStressTest
    @Outcome(id = "true, 0", expect = ACCEPTABLE, desc = "Removed, so it never runs")
    @Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "Too late, so it runs once")
    @State
    public static class RemoveAgainstComplete {
        private final Promise<Integer> promise = Promise.create();
        private final AtomicInteger calls = new AtomicInteger();
        private final Registration registration =
                promise.addDoneCallback(done -> calls.incrementAndGet(), ON_THE_SPOT);

        @Actor
        public void complete() {
            promise.complete(1);
        }

        @Actor
        public void remove(ZI_Result result) {
            result.r1 = registration.remove();
        }

        @Arbiter
        public void read(ZI_Result result) {
            awaitCallbacks(promise);
            result.r2 = calls.get();
        }
    }

    /** Each callback is either removed or runs. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "Each of the two either ran or was removed")
    @State
    public static class RemoveEqualAgainstComplete {
        private final Promise<Integer> promise = Promise.create();
        private final AtomicInteger calls = new AtomicInteger();
        private final Consumer<Future<Integer>> callback = done -> calls.incrementAndGet();
        private int removed;

        public RemoveEqualAgainstComplete() {
            promise.addDoneCallback(callback, ON_THE_SPOT);
            promise.addDoneCallback(callback, ON_THE_SPOT);
        }

        @Actor
        public void complete() {
            promise.complete(1);
        }

        @Actor
        public void remove() {
            removed = promise.removeDoneCallback(callback);
        }

        @Arbiter
        public void read(L_Result result) {
            awaitCallbacks(promise);
            result.r1 = calls.get() + removed;
        }
    }
}
