package io.github.coro4j.interop.chaos;

import io.github.coro4j.FailureListener;
import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
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
 * The books of one round. What is wrong the moment it happens is noted at once; {@link Audit} says at the end whether the
 * rest balances.
 */
final class Ledger {
    final List<Account> accounts = new CopyOnWriteArrayList<>();
    final List<ScopeBook> scopes = new CopyOnWriteArrayList<>();
    final List<CallbackBook> callbacks = new CopyOnWriteArrayList<>();
    final List<CoroutineBook> coroutines = new CopyOnWriteArrayList<>();
    final List<PermitBook> permits = new CopyOnWriteArrayList<>();

    /** Classes of exceptions that the log could not print: it shows a stand-in, which no book knows. */
    final Set<String> standIns = ConcurrentHashMap.newKeySet();

    final List<FailureReport> reports = new CopyOnWriteArrayList<>();

    /** What callbacks threw. */
    final List<Throwable> thrownByCallbacks = new CopyOnWriteArrayList<>();

    /** What somebody had in hands: given by a future, caught where it was thrown, or given to a function. */
    private final Set<Throwable> handedOver =
            Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

    /** The reasons of all requests to cancel in this round. */
    final Set<String> reasons = ConcurrentHashMap.newKeySet();

    final Marked.RoundMark mark;

    private final Queue<String> wrongs = new ConcurrentLinkedQueue<>();
    private final AtomicLong clock = new AtomicLong();
    private final ConcurrentMap<Future<?>, Account> byFuture = new ConcurrentHashMap<>();

    private volatile String stuck;

    Ledger(long seed) {
        mark = Marked.RoundMark.begin(seed);
    }

    boolean wasReported(Throwable exception) {
        return standIns.contains(exception.getClass().getName())
                || reports.stream().anyMatch(each -> each.exception() == exception);
    }

    /** Orders what happened: of two calls of which one ended before the other began, the later one gets more. */
    long now() {
        return clock.incrementAndGet();
    }

    void wrong(String what) {
        wrongs.add(what);
    }

    /** A wait of the harness took too long. It ends, and this seed is the last one: what hangs would disturb the next. */
    void stuck(String what) {
        wrong("the harness has waited too long for " + what);
        synchronized (this) {
            if (stuck == null) {
                stuck = ThreadDump.threads();
            }
        }
    }

    /** The stacks of all threads when the first wait was given up, or null. */
    String stuck() {
        return stuck;
    }

    List<String> wrongs() {
        return new ArrayList<>(wrongs);
    }

    /** The account of a future: always the same. */
    Account account(Future<?> future, String label, ScopeBook scope, Account.Kind kind) {
        Account mine = new Account(this, future, label, scope, kind);
        Account first = byFuture.putIfAbsent(future, mine);
        if (first != null) {
            return first;
        }
        accounts.add(mine);
        return mine;
    }

    /** Keeps this ledger, not only the list: so a scope that something keeps is seen, see {@link Chaos#remembered}. */
    FailureListener listener() {
        return report -> reports.add(report);
    }

    /** A reason that nobody else gives. */
    String reason(String text) {
        reasons.add(text);
        return text;
    }

    void handedOver(Throwable exception) {
        handedOver.add(exception);
    }

    /** The value of a group may have failures in it, at any depth. */
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
