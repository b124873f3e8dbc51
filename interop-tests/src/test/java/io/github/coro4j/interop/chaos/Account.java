package io.github.coro4j.interop.chaos;

import static io.github.coro4j.interop.chaos.RoundReport.shown;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** The books of one future: its body, the requests to end it, and the ends that its readers saw. */
final class Account {
    /** Whether the scope waits for the future. */
    enum Kind {
        /** The future has a body, or is a group with bodies. Its scope waits for it. */
        BODY,
        /** The future may end after the close of its scope. */
        BY_HAND
    }

    final Future<Object> future;
    final String label;
    final ScopeBook scope;
    final Kind kind;

    /** The futures that are done once this future is, for every kind of end. */
    private volatile List<Account> doneBefore = List.of();

    /** The futures whose failures a reader reads with the value of this future. */
    private volatile List<Account> settled = List.of();

    private volatile Account following;

    final BodyBook body;
    final RequestBook requests;
    final StartBook starts;
    private final Ledger ledger;
    private final AtomicLong firstRead = new AtomicLong(Long.MAX_VALUE);
    private final AtomicReference<Outcome<Object>> end = new AtomicReference<>();
    private final ConcurrentMap<Object, CallbackBook.Lane> lanes = new ConcurrentHashMap<>();
    private volatile boolean doneBeforeClose;

    @SuppressWarnings("unchecked") // only read
    Account(Ledger ledger, Future<?> future, String label, ScopeBook scope, Kind kind) {
        this.ledger = ledger;
        this.future = (Future<Object>) future;
        this.label = label;
        this.scope = scope;
        this.kind = kind;
        body = new BodyBook(ledger, this);
        requests = new RequestBook(ledger, this);
        starts = new StartBook(ledger, this);
    }

    // ---- its readers

    /** Returns whether the future is done, and reads no failure. */
    boolean seenDone() {
        if (!future.isDone()) {
            return false;
        }
        if (!body.isOver()) {
            ledger.wrong(this + " is done, and its body has not ended (R2)");
        }
        starts.balanceEnd();
        for (Account each : doneBefore) {
            if (!each.future.isDone()
                    && !starts.endedWithItsStarter()
                    && !endedWithoutWaitingFor(each)) {
                ledger.wrong(this + " is done before " + each);
            }
        }
        if (future.isCancelling()) {
            ledger.wrong(this + " is done and cancelling");
        }
        return true;
    }

    /** A group whose scope ends does not wait for members of other scopes (R20). */
    private boolean endedWithoutWaitingFor(Account member) {
        boolean hasScopeEnded = !scope.scope.toString().contains("(open");
        return hasScopeEnded && !scope.isAround(member.scope);
    }

    /** A suspend function that returns a future owns it, in any scope. The end of the caller ends the future. */
    boolean ownsWhatItReturns() {
        return label.startsWith("return a future");
    }

    /** Returns whether the failure is reported at once if nothing waits for the future. */
    boolean isLaunch() {
        return label.startsWith("launch");
    }

    /** Reads the end. The future must be done, and the end must be the same for all readers. */
    Outcome<Object> read() {
        if (!seenDone()) {
            ledger.wrong(this + " is not done, and a reader has its end");
        }
        return saw(future.outcome());
    }

    Outcome<Object> saw(Outcome<Object> seen) {
        if (!end.compareAndSet(null, seen) && !areSame(end.get(), seen)) {
            ledger.wrong(this + " ended twice: " + shown(end.get()) + " and " + shown(seen));
        }
        if (future.isCancelled() != (seen instanceof Outcome.Cancelled)) {
            ledger.wrong(this + ": isCancelled() is not what the end says, " + shown(seen));
        }
        if (seen instanceof Outcome.Failure<Object> failure) {
            ledger.handedOver(failure.exception());
        } else if (seen instanceof Outcome.Success<Object> success) {
            ledger.handedOver(success.value());
            settled.forEach(Account::noteRead);
        }
        noteRead();
        return seen;
    }

    /** Books that this future is never done before the others. */
    void endsAfter(List<Account> others) {
        doneBefore = others;
    }

    /** Books that this future follows another one, which its function has returned. */
    void follows(Account other) {
        following = other;
        if (starts.isShielded()) {
            other.starts.shielded();
        }
    }

    List<Account> follows() {
        List<Account> all = new ArrayList<>(doneBefore);
        Account other = following;
        if (other != null) {
            all.add(other);
        }
        return all;
    }

    /** Books that this is a group, and that its value is the list of the ends of its members. */
    void settles(List<Account> members) {
        settled = members;
    }

    private void noteRead() {
        firstRead.accumulateAndGet(ledger.now(), Math::min);
    }

    /** Books the value that a method has returned. */
    void sawValue(Object value) {
        if (!(read() instanceof Outcome.Success<Object> success) || success.value() != value) {
            ledger.wrong(
                    this + " gave a reader " + shown(value) + ", and its end is " + shown(end));
        }
    }

    /** Books the exception that a method has thrown as the future's end. */
    void sawThrown(Throwable exception) {
        Outcome<Object> seen = read();
        Throwable expected = seen.exceptionOrNull();
        Throwable got = exception;
        if (seen instanceof Outcome.Failure<Object>) {
            got = exception.getCause();
            boolean wrapped =
                    expected instanceof CompletionException
                            || expected instanceof ExecutionException;
            if (wrapped && expected.getCause() != null) {
                expected = expected.getCause();
            }
        }
        if (got != expected) {
            ledger.wrong(
                    this
                            + " threw "
                            + shown(exception)
                            + " at a reader, and its end is "
                            + shown(seen));
        }
    }

    /** Reads the future if it is done, and returns whether it ended with the exception. */
    boolean hasEndedWith(Throwable exception) {
        if (!seenDone()) {
            return false;
        }
        Outcome<Object> end = read();
        return end.exceptionOrNull() == exception
                || end instanceof Outcome.Failure<Object> failure && failure.cause() == exception;
    }

    /** Books the exception of a method that throws the future's exception without a wrapper. */
    void sawOriginal(Throwable exception) {
        Outcome<Object> end = read();
        Throwable thrown =
                end instanceof Outcome.Failure<Object> failure
                        ? failure.cause()
                        : end.exceptionOrNull();
        if (thrown != exception) {
            ledger.wrong(
                    this
                            + " threw "
                            + shown(exception)
                            + " at a coroutine, and its end is "
                            + shown(end));
        }
    }

    /**
     * Returns whether the second object is the same end. It compares by identity, because other methods of an exception may
     * throw.
     */
    static boolean areSame(Outcome<Object> one, Object other) {
        return other instanceof Outcome<?> outcome
                && one.getClass() == outcome.getClass()
                && one.exceptionOrNull() == outcome.exceptionOrNull()
                && (!(one instanceof Outcome.Success<Object> success)
                        || success.value() == ((Outcome.Success<?>) outcome).value());
    }

    /** Returns the end, or null if no reader has read it. */
    Outcome<Object> end() {
        return end.get();
    }

    /** Returns whether a read ended before the close of any scope that may report the failure began. Then no report may come. */
    boolean isReadBefore(long closing) {
        return firstRead.get() < closing;
    }

    // ---- its scope

    void noteScopeClosing() {
        doneBeforeClose |= future.isDone();
    }

    /** Returns whether the close of the scope may leave the failure unreported. */
    boolean mayBeUnread() {
        return !scope.isClosed() || kind == Kind.BY_HAND && !doneBeforeClose;
    }

    // ---- callbacks

    /** Returns the lane of an executor. Null stands for the callback executor of the scope. */
    CallbackBook.Lane lane(Executor executor) {
        return lanes.computeIfAbsent(
                executor == null ? this : executor, any -> new CallbackBook.Lane());
    }

    // ---- at the end

    void balance() {
        if (!seenDone()) {
            ledger.wrong(this + " has never ended: " + future);
            return;
        }
        Outcome<Object> outcome = read();
        if (outcome instanceof Outcome.Cancelled<Object> cancelled) {
            new CancelReason(ledger, this).balance(cancelled);
        }
        requests.balance(outcome);
        body.balance(outcome);
    }

    @Override
    public String toString() {
        return label;
    }
}
