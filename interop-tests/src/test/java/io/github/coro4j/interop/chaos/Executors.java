package io.github.coro4j.interop.chaos;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** The executors of a round, each created on demand, and all their threads. */
final class Executors {
    private static final int END_SECONDS = 20;

    private final long seed;
    private final Latch ended;
    private final List<ExecutorService> services = new CopyOnWriteArrayList<>();
    private final List<UnrulyExecutor> unruly = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final AtomicInteger holders = new AtomicInteger();
    private volatile boolean interrupts;
    private volatile boolean isShutDown;
    private volatile boolean hasViews;
    private volatile boolean hasUnseenWaits;

    Executors(long seed, Latch ended) {
        this.seed = seed;
        this.ended = ended;
    }

    Executor forBodies(ExecutorKind kind, long details) {
        holders.addAndGet(kind == ExecutorKind.DROPPING ? 2 : 1);
        if (kind == ExecutorKind.DROPPING) {
            interrupts = true;
        }
        return make(kind, details);
    }

    Executor forCallbacks(ExecutorKind kind, long details) {
        return make(kind, details);
    }

    private Executor make(ExecutorKind kind, long details) {
        int some = 2 + (int) Math.floorMod(details, 3L);
        return switch (kind) {
            case ONE_THREAD -> plain(1);
            case DEFAULT, FEW_THREADS -> plain(some);
            case FORK_JOIN -> forkJoin(some - 1);
            default -> {
                UnrulyExecutor executor = new UnrulyExecutor(kind, plain(some), some, ended);
                unruly.add(executor);
                if (ended.isOpen()) {
                    executor.end();
                }
                yield executor;
            }
        };
    }

    ExecutorService plain(int count) {
        ThreadPoolExecutor made =
                new ThreadPoolExecutor(
                        count, count, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::born);
        services.add(made);
        return made;
    }

    private Thread born(Runnable work) {
        String name = "chaos-" + seed + "-" + threads.size();
        Thread thread =
                Switches.BROKEN_INTERRUPTS && seed % 4 == 0
                        ? new BrokenThread(work, name)
                        : new Thread(work, name);
        threads.add(thread);
        return thread;
    }

    /** A thread whose interrupt throws, before or after it has interrupted, unless an executor is shut down. */
    private final class BrokenThread extends Thread {
        BrokenThread(Runnable work, String name) {
            super(work, name);
        }

        @Override
        public void interrupt() {
            super.interrupt();
            if (Thread.currentThread() == this) {
                return; // here a throw would leave a lock of the JDK locked for ever
            }
            if (!isShutDown && !StackWalker.getInstance().walk(Executors::isPool)) {
                throw new ChaosFailure("thrown by the interrupt of " + getName());
            }
        }
    }

    private static boolean isPool(Stream<StackWalker.StackFrame> stack) {
        return stack.anyMatch(
                each ->
                        each.getMethodName().startsWith("interrupt")
                                && each.getClassName()
                                        .startsWith(ThreadPoolExecutor.class.getName()));
    }

    private ForkJoinPool forkJoin(int count) {
        ForkJoinPool made =
                new ForkJoinPool(
                        count,
                        pool -> {
                            ForkJoinWorkerThread thread =
                                    ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
                            threads.add(thread);
                            return thread;
                        },
                        null,
                        false);
        services.add(made);
        return made;
    }

    /**
     * Returns whether executors may block each other. With two executors for bodies, or one that loses work, a body on the one
     * may wait for work behind a body on the other. With one executor, a thread may wait for a body there through a
     * {@code CompletableFuture}, and the engine does not see this wait.
     */
    boolean mayHoldEachOtherUp() {
        return hasUnseenWaits || holders.get() + (hasViews ? 1 : 0) > 1;
    }

    /**
     * Books that coroutines that are not tasks wait. If a thread waits for their scope, the engine does not see the circle
     * (ADR 4).
     */
    void unseenWaits() {
        hasUnseenWaits = true;
    }

    void view() {
        hasViews = true;
    }

    /** Returns whether an executor interrupts its threads. */
    boolean interrupts() {
        return interrupts;
    }

    void end() {
        unruly.forEach(UnrulyExecutor::end);
    }

    /** Shuts all executors down, and checks that all threads end. */
    void shutDown(Ledger ledger) throws InterruptedException {
        isShutDown = true;
        services.forEach(ExecutorService::shutdown);
        for (ExecutorService each : services) {
            if (!each.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
                ledger.wrong("an executor does not end: " + each);
            }
        }
        for (Thread each : threads) {
            each.join(TimeUnit.SECONDS.toMillis(END_SECONDS));
            if (each.isAlive()) {
                ledger.wrong("a thread does not end: " + each);
            }
        }
    }
}
