package io.github.coro4j.interop.chaos;

import io.github.coro4j.TaskScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

/**
 * One round performs a plan, ends all remaining futures, and audits the books.
 *
 * <p>Its threads perform the plan. Once they are done or stop making progress, the round ends: it frees all bodies that block,
 * and ends all promises. If several executors of a plan may block each other, which no rule forbids, it then cancels all
 * scopes. Otherwise a thread that still waits is a hang.
 */
final class Round {
    /** The time without progress after which the round ends. It affects only the length of a round. */
    private static final int PATIENCE_MILLIS = 10;

    /** The time without progress after which the round cancels scopes whose executors may block each other. */
    private static final int LONG_PATIENCE_MILLIS = 300;

    /** The longest time of a round. A longer round is a hang. */
    private static final int LONGEST_MILLIS = 40_000;

    final Plan plan;
    final Ledger ledger;
    final Latch ended;

    final Limits limits;

    final Broken.Shared shared = new Broken.Shared();

    /** The number of running bodies. */
    final AtomicInteger inside = new AtomicInteger();

    /** The number of entries that are still missing from code other than the callbacks of the books. */
    final AtomicInteger owed = new AtomicInteger();

    final ScopeBook root;
    final ScopeBook global;
    private final Executors executors;
    private final ExecutorService hands;
    private final AtomicReferenceArray<Account> made;
    private final List<Thread> threads = new ArrayList<>();
    private final List<Runnable> atTheEnd = new ArrayList<>();
    private final Queue<Runnable> atTheAudit = new ConcurrentLinkedQueue<>();
    private final Queue<String> trail = new ConcurrentLinkedQueue<>();
    private volatile boolean mayBeInterrupted;
    private volatile boolean wasRescued;

    private final DefaultListenerLog log;
    private final RoundEnd closing = new RoundEnd(this);

    Round(Plan plan) {
        this.plan = plan;
        ledger = new Ledger(plan.seed);
        limits = new Limits(ledger);
        ended = new Latch(ledger, "the end of the round");
        log = new DefaultListenerLog(ledger);
        executors = new Executors(plan.seed, ended);
        hands = executors.plain(3);
        made = new AtomicReferenceArray<>(plan.size());
        TaskScope.Builder builder =
                TaskScope.builder().name("root").failureListener(ledger.listener());
        if (plan.executor != ExecutorKind.DEFAULT) {
            builder.executor(executors.forBodies(plan.executor, plan.seed));
        }
        if (plan.callbackExecutor != ExecutorKind.DEFAULT) {
            builder.callbackExecutor(executors.forCallbacks(plan.callbackExecutor, plan.seed));
        }
        if (plan.hasDeadline) {
            builder.deadline(Duration.ofMillis(5));
        }
        global = new ScopeBook(ledger, TaskScope.global(), null);
        root = new ScopeBook(ledger, builder.open(), null);
        if (plan.executor == ExecutorKind.DROPPING) {
            root.losesWork();
        }
    }

    /** Runs the round and returns all faults, or an empty list. */
    List<String> run() throws InterruptedException {
        log.open();
        try {
            perform();
            closing.closeAll();
            closing.awaitEnds();
            RoundEnd.await(() -> ledger.callbacks.stream().allMatch(CallbackBook::isOver));
            Audit audit = new Audit(ledger);
            executors.shutDown(ledger);
            closing.readAll();
            atTheAudit.forEach(Runnable::run);
            shared.balance(ledger);
            return audit.balance();
        } finally {
            log.close();
        }
    }

    private void perform() throws InterruptedException {
        for (Plan.Program program : plan.actors) {
            threads.add(new Thread(() -> act(program), "chaos-thread-" + threads.size()));
        }
        Thread onlooker = new Thread(this::lookOn, "chaos-onlooker");
        threads.forEach(Thread::start);
        onlooker.start();
        awaitThreads(PATIENCE_MILLIS);
        end();
        if (!awaitThreads(LONG_PATIENCE_MILLIS) && executors.mayHoldEachOtherUp()) {
            wasRescued = true;
            String reason = ledger.reason("the round is over");
            for (ScopeBook each : ledger.scopes) {
                if (!each.isGlobal) {
                    each.scope.cancel(reason);
                }
            }
        }
        if (!awaitThreads(LONGEST_MILLIS)) {
            ledger.stuck("a thread of the round");
            threads.forEach(Thread::interrupt);
        }
        onlooker.interrupt();
        closing.joinOrGiveUp(onlooker);
    }

    private void act(Plan.Program program) {
        try {
            Actor.outside(this).perform(program.steps());
        } catch (Throwable e) {
            ledger.wrong("a thread of the round ended with " + RoundReport.text(e));
        }
        swallowed(Thread.interrupted());
    }

    /** Calls toString() and dump() all the time. */
    private void lookOn() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                for (ScopeBook each : ledger.scopes) {
                    each.scope.dump();
                    each.scope.tasks().forEach(Object::toString);
                }
                for (Account each : ledger.accounts) {
                    each.future.toString();
                }
            } catch (Throwable e) {
                ledger.wrong("the onlooker saw " + RoundReport.text(e));
                return;
            }
            LockSupport.parkNanos(200_000);
        }
    }

    private boolean awaitThreads(int millis) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (Thread each : threads) {
            long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            each.join(Math.max(1, left));
            if (each.isAlive()) {
                return false;
            }
        }
        return true;
    }

    private void end() {
        List<Runnable> actions;
        synchronized (atTheEnd) {
            ended.open();
            actions = List.copyOf(atTheEnd);
        }
        executors.end();
        actions.forEach(Runnable::run);
    }

    // ---- methods for the actors

    void made(int id, Account account) {
        made.set(id, account);
    }

    Account made(int id) {
        return made.get(id);
    }

    void trail(Plan.Step step) {
        trail.add("#" + step.id() + " on " + Thread.currentThread().getName());
    }

    /** Returns any scope but the global scope. */
    ScopeBook scope(Plan.Step step) {
        List<ScopeBook> all = ledger.scopes;
        return all.get(1 + step.pick(200, all.size() - 1));
    }

    Executor bodyExecutor(ExecutorKind kind, Plan.Step step) {
        return executors.forBodies(kind, step.seed());
    }

    Executor callbackExecutor(ExecutorKind kind, Plan.Step step) {
        return executors.forCallbacks(kind, step.seed());
    }

    /** Books that a thread may wait through a view. */
    void view() {
        executors.view();
    }

    /** Books that a coroutine of a scope may wait. */
    void unseenWaits() {
        executors.unseenWaits();
    }

    /** Runs the work soon, on another thread. */
    void aside(Runnable work) {
        hands.execute(work);
    }

    /** Runs the work when the round ends, or at once if it has ended. */
    void whenEnding(Runnable work) {
        synchronized (atTheEnd) {
            if (!ended.isOpen()) {
                atTheEnd.add(work);
                return;
            }
        }
        work.run();
    }

    /** Runs the work once all futures are done. */
    void whenOver(Runnable work) {
        atTheAudit.add(work);
    }

    void interrupt(int thread) {
        if (thread < threads.size()) {
            mayBeInterrupted = true;
            try {
                threads.get(thread).interrupt();
            } catch (ChaosFailure e) {
                // The thread blocks in a channel whose close throws, and its flag is set.
            }
        }
    }

    /** Checks the interrupt flag that a thread of the round had. */
    void swallowed(boolean flag) {
        if (flag && !mayBeInterrupted) {
            ledger.wrong(Thread.currentThread() + " has its interrupt flag set (R5)");
        }
    }

    /** Checks a body that began with the flag set. */
    void sawForeignFlag(Account account) {
        if (!mayBeInterrupted && !executors.interrupts()) {
            ledger.wrong(account + " began with the interrupt flag of another body (R5)");
        }
    }

    boolean wasRescued() {
        return wasRescued;
    }

    Queue<String> trail() {
        return trail;
    }
}
