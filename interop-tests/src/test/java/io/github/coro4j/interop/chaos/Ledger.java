package io.github.coro4j.interop.chaos;

import io.github.coro4j.FailureListener;
import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The books of one round. They find some faults at once. {@link Audit} checks at the end whether the rest balances.
 */
final class Ledger {
    final List<Account> accounts = new CopyOnWriteArrayList<>();
    final List<ScopeBook> scopes = new CopyOnWriteArrayList<>();
    final List<CallbackBook> callbacks = new CopyOnWriteArrayList<>();
    final List<CoroutineBook> coroutines = new CopyOnWriteArrayList<>();
    final List<HookBook> hooks = new CopyOnWriteArrayList<>();
    final List<PermitBook> permits = new CopyOnWriteArrayList<>();

    /** Classes of exceptions that the log could not print. It shows a stand-in, which no book knows. */
    final Set<String> standIns = ConcurrentHashMap.newKeySet();

    final List<FailureReport> reports = new CopyOnWriteArrayList<>();

    /** The exceptions of callbacks. */
    final List<Throwable> thrownByCallbacks = new CopyOnWriteArrayList<>();

    /** The exceptions that the round has read: a future returned them, a step caught them, or a function received them. */
    private final Set<Throwable> handedOver =
            Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

    /** The reasons of all requests to cancel in this round. */
    final Set<String> reasons = ConcurrentHashMap.newKeySet();

    final Marked.RoundMark mark;

    private final Queue<String> wrongs = new ConcurrentLinkedQueue<>();
    private final AtomicLong clock = new AtomicLong();
    private final ConcurrentMap<Future<?>, Account> byFuture = new ConcurrentHashMap<>();

    /** What the body of each task has started in the scope of that task. */
    private final ConcurrentMap<Future<?>, List<Account>> started = new ConcurrentHashMap<>();

    private volatile String stuck;

    Ledger(long seed) {
        mark = Marked.RoundMark.begin(seed);
    }

    boolean wasReported(Throwable exception) {
        return standIns.contains(exception.getClass().getName())
                || reports.stream().anyMatch(each -> each.exception() == exception);
    }

    /** Returns a time that orders events. If one call ended before another began, the later call gets the larger number. */
    long now() {
        return clock.incrementAndGet();
    }

    void wrong(String what) {
        wrongs.add(what);
    }

    /**
     * Books that a wait of the harness took too long. The wait ends, and this seed is the last, because hanging threads would
     * disturb the next round.
     */
    void stuck(String what) {
        wrong("the harness has waited too long for " + what);
        synchronized (this) {
            if (stuck == null) {
                stuck = ThreadDump.threads();
            }
        }
    }

    /** Returns the stacks of all threads when the first wait took too long, or null. */
    String stuck() {
        return stuck;
    }

    List<String> wrongs() {
        return new ArrayList<>(wrongs);
    }

    /** Returns the account of a future, always the same object. */
    Account account(Future<?> future, String label, ScopeBook scope, Account.Kind kind) {
        Account mine = new Account(this, future, label, scope, kind);
        Account first = byFuture.putIfAbsent(future, mine);
        if (first != null) {
            return first;
        }
        accounts.add(mine);
        Task<?> starter = Task.current();
        if (starter != null && starter != future && starter.scope() == scope.scope) {
            mine.starts.startedBy(starter);
            started.computeIfAbsent(starter, any -> new CopyOnWriteArrayList<>()).add(mine);
        }
        return mine;
    }

    /** Returns the account of a future, or null if there is none. */
    Account known(Future<?> future) {
        return future == null ? null : byFuture.get(future);
    }

    /** Returns what the body of the future has started in its own scope. */
    List<Account> startedBy(Future<?> future) {
        return started.getOrDefault(future, List.of());
    }

    /**
     * Returns a listener that keeps this ledger and not only the list, so that {@link Chaos#remembered} finds a scope that stays
     * reachable.
     */
    FailureListener listener() {
        return report -> reports.add(report);
    }

    /** Returns a unique reason. */
    String reason(String text) {
        reasons.add(text);
        return text;
    }

    void handedOver(Throwable exception) {
        handedOver.add(exception);
    }

    /** Books a value as read. The value of a group may have failures in it, at any depth. */
    void handedOver(Object value) {
        if (value instanceof Outcome.Failure<?> failure) {
            handedOver(failure.exception());
        } else if (value instanceof Outcome.Success<?> success) {
            handedOver(success.value());
        } else if (value instanceof List<?> list) {
            list.forEach(this::handedOver);
        } else if (value instanceof Map<?, ?> map) {
            map.values().forEach(this::handedOver);
        } else if (value instanceof Map.Entry<?, ?> entry) {
            handedOver(entry.getValue());
        }
    }

    Set<Throwable> allHandedOver() {
        synchronized (handedOver) {
            Set<Throwable> copy = Collections.newSetFromMap(new IdentityHashMap<>());
            copy.addAll(handedOver);
            return copy;
        }
    }
}
