package io.github.coro4j;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A handle on a result that may not exist yet. Callers read it, wait for it, cancel it, add callbacks to it, or derive
 * another future from it.
 *
 * <p>A future is <em>pending</em>, then perhaps <em>cancelling</em>, then <em>done</em> with exactly one of three ends:
 * success, failure or cancelled. The end never changes. <em>Done</em> means that the work has really ended, its
 * {@code finally} blocks included: while a cancelled body still cleans up, {@link #isCancelling()} is true and {@link
 * #isDone()} and {@link #isCancelled()} are false.
 *
 * <p>A future is <em>cancelled</em> only if its cancellation was requested. Work that ends with a
 * {@link java.util.concurrent.CancellationException} without such a request has failed with that exception.
 *
 * <p>Every method may be called from any thread. Futures are equal only to themselves. You get them from {@link Task},
 * {@link Promise}, {@link Gather} and the factories here; this interface is not meant to be implemented elsewhere. In
 * tests, use {@link #completed}, {@link #failed} and {@link #cancelled} instead of a mock.
 *
 * <pre>{@code
 * Future<Integer> length = Task.start(() -> "coro4j").map(String::length);
 * length.addDoneCallback(f -> System.out.println("length: " + f.result()));
 * int six = length.join();
 * }</pre>
 *
 * <p><b>Memory effects.</b> What a thread did before it started the work, or completed a {@link Promise}, happens-before
 * everything the body does; what the body did happens-before a successful return from any method that reads the end,
 * and before every callback.
 *
 * <p><b>Unread failures.</b> A failure is <em>read</em> when any of {@link #get()}, {@link #join()}, {@link #result()},
 * {@link #outcome()}, {@link #exception()}, {@link #joinOutcome()}, {@link #cancelAndJoin},
 * {@link #toCompletableFuture()} or a callback of {@link #onFailure(Consumer)} hands it over, or when a derived future or
 * a group takes it on. A callback of {@link #addDoneCallback(Consumer)} reads it only by one of these calls. Calling
 * {@link #isDone()} or {@code toString()} does not read it. On JDK 19 and later, the JDK's own {@code state()},
 * {@code resultNow()} and {@code exceptionNow()} do read it. A failure that is still unread when its future becomes
 * unreachable, or when its scope closes, is reported once to the scope's {@link FailureListener}.
 *
 * <p><b>Exceptions.</b> {@link #exception()} and {@link #outcome()} hold the very object that the work threw, the same
 * for every reader. The methods that throw put one layer of the JDK's wrapper around it. A body that lets the wrapper
 * of an inner {@link #join()} pass therefore does not bury the cause deeper at each level.
 *
 * @param <T> the type of the result; a null result is a result
 */
public interface Future<T extends @Nullable Object> extends java.util.concurrent.Future<T> {

    // ---- look, never wait

    /**
     * Returns whether the work has ended, in success, failure or cancellation.
     *
     * @return true once the body, its {@code finally} blocks included, has ended
     */
    @Override
    boolean isDone();

    /**
     * Returns whether this future is done <em>and</em> its end is a cancellation. Returns false while a cancelled body
     * still cleans up.
     *
     * @return true when done and cancelled
     */
    @Override
    boolean isCancelled();

    /**
     * Returns whether this future was asked to stop and has not ended yet.
     *
     * @return true between the first request to cancel and the end of the work
     */
    boolean isCancelling();

    /**
     * Returns the end of this future, as a value. Counts as reading a failure.
     *
     * @return the end, equal for every reader; it holds the original exception
     * @throws IllegalStateException if this future is not done; use {@link #joinOutcome()} to wait for it
     */
    Outcome<T> outcome();

    /**
     * Returns the value, if there is one already.
     *
     * @return the value, perhaps null
     * @throws IllegalStateException if this future is not done; use {@link #join()} to wait for it
     * @throws java.util.concurrent.CompletionException if the work failed; its cause is the original exception
     * @throws java.util.concurrent.CancellationException if this future was cancelled; its message has the reason
     */
    T result();

    /**
     * Returns what went wrong; never throws it. Counts as reading a failure.
     *
     * @return null after a success, the original exception after a failure, the cancellation when cancelled
     * @throws IllegalStateException if this future is not done
     */
    @Nullable Throwable exception();

    // ---- wait: these block the calling thread

    /**
     * Waits for the end, by the contract of the JDK's {@link java.util.concurrent.Future#get()}. Inside a task the wait
     * does not starve the pool, see {@link TaskScope}.
     *
     * @return the value, perhaps null
     * @throws InterruptedException if the waiting thread is interrupted, or its task is cancelled, before the end; the
     *     work runs on
     * @throws ExecutionException if the work failed; its cause is the original exception
     * @throws java.util.concurrent.CancellationException if this future was cancelled
     * @throws DeadlockException if the calling task would wait for itself, directly or in a circle
     */
    @Override
    T get() throws InterruptedException, ExecutionException;

    /**
     * Waits for the end like {@link #get()}, but at most for the given time. A wait that gives up does not cancel the
     * work.
     *
     * @param timeout how long to wait, in {@code unit}; zero or less looks once and does not wait
     * @param unit the unit of {@code timeout}
     * @return the value, perhaps null
     * @throws InterruptedException if the waiting thread is interrupted, or its task is cancelled
     * @throws ExecutionException if the work failed; its cause is the original exception
     * @throws TimeoutException if the time passed before the end
     * @throws java.util.concurrent.CancellationException if this future was cancelled
     * @throws NullPointerException if {@code unit} is null
     */
    @Override
    T get(long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException;

    /**
     * Waits for the end, with unchecked exceptions, as {@link CompletableFuture#join()} does, but interruptible.
     *
     * <p>Waiting is not ownership: when the waiting thread is interrupted, or the task that waits is cancelled, only
     * the wait ends. It ends at once, the thread's interrupt flag stays set, and the awaited work runs on. A future
     * that is already done gives its end even to a cancelled or interrupted thread.
     *
     * @return the value, perhaps null
     * @throws java.util.concurrent.CompletionException if the work failed; its cause is the original exception
     * @throws java.util.concurrent.CancellationException if this future was cancelled
     * @throws WaitInterruptedException if the waiting thread was interrupted or its task cancelled; it says whose
     *     waiting ended
     * @throws DeadlockException if the calling task would wait for itself, directly or in a circle
     */
    T join();

    /**
     * Waits for the end like {@link #join()}, but at most for the given time. A wait that gives up does not cancel the
     * work; use {@link #orTimeout} for a limit that stops it. A wait with a limit never runs the awaited body itself.
     * It is never refused because of a circle of waits, since it ends when the time has passed.
     *
     * @param timeout how long to wait; zero looks once and does not wait
     * @return the value, perhaps null
     * @throws TimeoutException if the time passed before the end
     * @throws java.util.concurrent.CompletionException if the work failed; its cause is the original exception
     * @throws java.util.concurrent.CancellationException if this future was cancelled
     * @throws WaitInterruptedException if the waiting thread was interrupted or its task cancelled
     * @throws IllegalArgumentException if {@code timeout} is negative
     * @throws NullPointerException if {@code timeout} is null
     */
    T join(Duration timeout) throws TimeoutException;

    /**
     * Waits for the end and returns it as a value: never throws what the work threw.
     *
     * @return the end of this future
     * @throws WaitInterruptedException if the waiting thread was interrupted or its task cancelled
     * @throws DeadlockException if the calling task would wait for itself, directly or in a circle
     */
    Outcome<T> joinOutcome();

    // ---- stop

    /**
     * Asks the work to stop, without a reason of its own; otherwise as {@link #cancel(String)}.
     *
     * @return true unless this future was done
     */
    boolean cancel();

    /**
     * Asks the work to stop.
     *
     * <p>The request is sticky and the first reason wins: every reader sees that reason, every time, in the message of
     * the {@link TaskCancelledException}, with the name of what was cancelled. A body that has not begun never runs,
     * and the future is done when this method returns, unless another thread is just about to begin or to cancel the
     * body. A running body is interrupted, once; the future is done when the body has ended. If a body swallows the
     * request and returns, the future is still cancelled. A {@link Promise} is done at once.
     *
     * <p>An exception that the body throws after the request counts as the cancel if it, or one of its causes, is an
     * interruption or a cancellation. Any other exception makes the future <em>failed</em>. The cancellation is then
     * attached to that exception as suppressed, unless other futures failed with the same object.
     *
     * <p>Cancelling a derived future cancels what it was derived from ({@link #shield()} cuts that line); cancelling the
     * future of a {@link Gather} asks every child.
     *
     * @param reason why the work is to stop, for the readers of the cancellation
     * @return true unless this future was done
     * @throws NullPointerException if {@code reason} is null; use {@link #cancel()} if there is none
     */
    boolean cancel(String reason);

    /**
     * Asks the work to stop, by the contract of the JDK's {@link java.util.concurrent.Future#cancel}.
     *
     * @param mayInterrupt if false, a running body sees the request only in {@link Task#checkCancelled()} or at its
     *     next wait for a future of this library; if true, the body is interrupted as well
     * @return true unless this future was done
     */
    @Override
    boolean cancel(boolean mayInterrupt);

    /**
     * Asks the work to stop, and waits until it has really stopped.
     *
     * @param reason why the work is to stop, for the readers of the cancellation
     * @return how this future ended: usually cancelled; a failure if the clean-up failed; its earlier end if it was
     *     already done
     * @throws WaitInterruptedException if the waiting thread was interrupted or its own task cancelled
     * @throws DeadlockException if the calling task would wait for itself, directly or in a circle
     * @throws NullPointerException if {@code reason} is null
     */
    Outcome<T> cancelAndJoin(String reason);

    // ---- callbacks

    /**
     * Adds a callback for the end of this future, run on its scope's callback executor; otherwise as {@link
     * #addDoneCallback(Consumer, Executor)}.
     *
     * @param callback what to run; it is given this very future, already done
     * @return the registration of this callback, with which it can be removed
     * @throws NullPointerException if {@code callback} is null
     */
    Registration addDoneCallback(Consumer<? super Future<T>> callback);

    /**
     * Adds a callback for the end of this future, whichever end it is.
     *
     * <p>The callback runs once, with this very future, already done. It never runs on the stack of the thread that
     * completes the future, nor on that of the thread that adds the callback, before or after completion: the executor
     * is called from a thread of the engine. Callbacks of one future on one executor run in the order in which they
     * were added, one after another. Callbacks are not ordered relative to threads that wait for the future; closing
     * the scope waits for both. The same callback added twice runs twice.
     *
     * <p>A callback that throws, an {@link Error} included, is reported to the scope's {@link FailureListener} with the
     * future's name; the other callbacks run and the outcome stands. If the executor rejects the callback, that is
     * reported too, and the callback runs on a thread of the engine instead. Inside a callback {@link Task#current()} is
     * null.
     *
     * @param callback what to run
     * @param executor where to run it
     * @return the registration of this callback, with which it can be removed
     * @throws NullPointerException if {@code callback} or {@code executor} is null
     */
    Registration addDoneCallback(Consumer<? super Future<T>> callback, Executor executor);

    /**
     * Removes every registration of a callback equal to the given one that has not begun to run.
     *
     * @param callback the callback to remove
     * @return how many registrations were removed; those will not run. Zero if there were none
     * @throws NullPointerException if {@code callback} is null
     */
    int removeDoneCallback(Consumer<? super Future<T>> callback);

    /**
     * Adds a callback for a success of this future, run on its scope's callback executor; otherwise like
     * {@link #onSuccess(Consumer, Executor)}.
     *
     * @param action what to run with the value
     * @return this future
     * @throws NullPointerException if {@code action} is null
     */
    Future<T> onSuccess(Consumer<? super T> action);

    /**
     * Adds a callback that runs with the value, perhaps null, if this future succeeds. After a failure or a cancellation
     * it does not run, and it leaves the failure unread. In all other respects it is a callback of
     * {@link #addDoneCallback(Consumer, Executor)}, but it cannot be removed.
     *
     * @param action what to run with the value
     * @param executor where to run it
     * @return this future
     * @throws NullPointerException if {@code action} or {@code executor} is null
     */
    Future<T> onSuccess(Consumer<? super T> action, Executor executor);

    /**
     * Adds a callback for a failure of this future, run on its scope's callback executor; otherwise like
     * {@link #onFailure(Consumer, Executor)}.
     *
     * <pre>{@code
     * Task.start("load", () -> load(42)).onSuccess(this::show).onFailure(this::log);
     * }</pre>
     *
     * @param action what to run with the original exception
     * @return this future
     * @throws NullPointerException if {@code action} is null
     */
    Future<T> onFailure(Consumer<? super Throwable> action);

    /**
     * Adds a callback that runs with the original exception if this future fails. After a success or a cancellation it
     * does not run. Adding it does not read the failure; running it does, even if the action throws. In all other
     * respects it is a callback of {@link #addDoneCallback(Consumer, Executor)}, but it cannot be removed.
     *
     * @param action what to run with the original exception
     * @param executor where to run it
     * @return this future
     * @throws NullPointerException if {@code action} or {@code executor} is null
     */
    Future<T> onFailure(Consumer<? super Throwable> action, Executor executor);

    // ---- derive: the new future owns this one

    /**
     * Returns a future for a function of this one's value. The function runs as a body does, on the executor of this
     * future's scope, after a success; after a failure or a cancellation it does not run and the new future ends in the
     * same way, with the same exception. Cancelling the new future cancels this one, and interrupts the function if it
     * runs.
     *
     * @param <R> the type of the new result
     * @param function what to make of the value; it may throw, and the new future then fails with that
     * @return the derived future
     * @throws NullPointerException if {@code function} is null
     * @throws IllegalStateException if this future's scope is closed
     */
    <R extends @Nullable Object> Future<R> map(ThrowingFunction<? super T, ? extends R> function);

    /**
     * Derives a future like {@link #map}, for a function that returns a future. The new future ends as the function's
     * future does. Cancelling the new future also cancels the function's future.
     *
     * @param <R> the type of the new result
     * @param function what to do next with the value; must not return null
     * @return the derived future
     * @throws NullPointerException if {@code function} is null
     * @throws IllegalStateException if this future's scope is closed
     */
    <R extends @Nullable Object> Future<R> flatMap(
            ThrowingFunction<? super T, ? extends Future<? extends R>> function);

    /**
     * Returns a future that turns a failure of this one into a value. A success passes unchanged; so does a
     * cancellation, which is nothing to recover from.
     *
     * @param function what to make of the original exception; it may throw, and the new future then fails with that
     * @return the derived future
     * @throws NullPointerException if {@code function} is null
     * @throws IllegalStateException if this future's scope is closed
     */
    Future<T> recover(ThrowingFunction<? super Throwable, ? extends T> function);

    /**
     * Returns a future that fails with a {@link TimeoutException} if this one has not ended in time. When the time has
     * passed, this future is cancelled, and the new one fails <em>when the work has really stopped</em>; an exception
     * that the work throws while it stops is attached as suppressed, and a late value is dropped: time passed is always
     * a timeout. Use {@code shield().orTimeout(...)} to stop waiting without stopping the work.
     *
     * @param timeout how long from now
     * @return the derived future
     * @throws IllegalArgumentException if {@code timeout} is zero or negative
     * @throws NullPointerException if {@code timeout} is null
     * @throws IllegalStateException if this future's scope is closed
     */
    Future<T> orTimeout(Duration timeout);

    /**
     * Returns a future that ends with {@code value} if this one has not ended in time; otherwise like
     * {@link #orTimeout}. An exception that the work throws while it stops stays unread in this future.
     *
     * @param value the value to end with if the time passes; may be null
     * @param timeout how long from now
     * @return the derived future
     * @throws IllegalArgumentException if {@code timeout} is zero or negative
     * @throws NullPointerException if {@code timeout} is null
     * @throws IllegalStateException if this future's scope is closed
     */
    Future<T> completeOnTimeout(T value, Duration timeout);

    /**
     * Returns a future that ends as this one does, but whose cancellation does not reach this one: it cuts the line of
     * ownership. Cancelling the new future ends it at once. A failure of this future is handed over only to a shield
     * that is still pending; otherwise it stays unread here. A pending future keeps its pending shields; cancel a
     * shield to release it.
     *
     * @return the shield; this very future if it is already done
     */
    Future<T> shield();

    /**
     * Names this future in messages, reports and dumps, and returns it. Without this a derived future has a name such as
     * {@code load.map}. The last name counts, and exceptions and reports that exist keep the former one.
     *
     * <pre>{@code
     * Future<Integer> size = Task.start("load", () -> load(42)).map(String::length).named("size of 42");
     * }</pre>
     *
     * <p>The name of a {@link Task} never changes. For a task this returns a new derived future with the given name, which
     * ends as the task does. Cancelling it cancels the task.
     *
     * @param name the name, for messages, reports and dumps
     * @return this future; for a task, a future derived from it
     * @throws NullPointerException if {@code name} is null
     * @throws IllegalArgumentException if {@code name} is blank
     * @throws IllegalStateException if this is a task whose scope is closed
     */
    Future<T> named(String name);

    /**
     * Returns a view for code that needs the JDK's type. Its default executor is the scope's callback executor, which also
     * runs the dependents. By the JDK's rule, a dependent that is added to a completed view runs on the stack of the
     * caller that adds it, unless an {@code ...Async} method adds it.
     *
     * <p>The view is done as soon as this future is, even while the callback executor is busy. Its dependents run later, on
     * that executor. Until then {@code state()} (JDK 19 and later) returns {@code RUNNING}. Waiting for the view starves no
     * pool, and a circle of waits throws a {@link DeadlockException}.
     *
     * <p>Cancelling the view cancels this future, always with an interrupt, because the argument of
     * {@code CompletableFuture.cancel} means nothing. By the JDK's contract the view is then done at once, while the
     * work may still be stopping. Any other call that ends the view before the work has ended also cancels this future:
     * {@code complete} and similar methods, {@code orTimeout}, {@code completeOnTimeout}. A view of {@link #shield()}
     * leaves the work alone. Some libraries that await a view cancel it when the waiting code is cancelled;
     * kotlinx.coroutines does. Cancelling what was made from the view, such as {@code view.thenApply(...)} or
     * {@code view.copy()}, does not reach the view, by the JDK's contract.
     *
     * <p>A failure is the original exception, in the JDK's wrappers; a cancellation is that of this future, with its
     * reason, on every JDK. A failure of this future counts as read when the view has it; a view that was cancelled or
     * completed first does not read it.
     *
     * @return a new view
     */
    CompletableFuture<T> toCompletableFuture();

    // ---- make one that needs no body

    /**
     * Returns a future that is done, with a value.
     *
     * @param <T> the type of the result
     * @param value the value; may be null
     * @return a done future
     */
    static <T extends @Nullable Object> Future<T> completed(T value) {
        return EngineLookup.engine().completed(value);
    }

    /**
     * Returns a future that is done, with a failure; a {@link java.util.concurrent.CancellationException} given here is
     * a failure too.
     *
     * @param <T> the type of the result
     * @param exception the failure
     * @return a done future
     * @throws NullPointerException if {@code exception} is null
     */
    static <T extends @Nullable Object> Future<T> failed(Throwable exception) {
        Arguments.notNull(
                exception, "exception", "a future cannot fail without one; give the reason");
        return EngineLookup.engine().failed(exception);
    }

    /**
     * Returns a future that is done, cancelled.
     *
     * @param <T> the type of the result
     * @param reason why
     * @return a done future
     * @throws NullPointerException if {@code reason} is null
     */
    static <T extends @Nullable Object> Future<T> cancelled(String reason) {
        Arguments.notNull(reason, "reason", "say why; every reader will see it");
        return EngineLookup.engine().cancelled(reason);
    }

    /**
     * Returns a future that ends as the given stage does. A {@link java.util.concurrent.CompletionException} around a
     * failure is taken off, once. If the stage ends with a {@link java.util.concurrent.CancellationException}, in such
     * a wrapper or not, the future is cancelled. Cancelling the future ends it at once. Soon after, a thread of the
     * engine cancels {@code stage.toCompletableFuture()}, if the stage supports that; by the JDK's rule, the dependents
     * of the stage run on that thread. The scope waits for that cancel. A future of this library that was turned into a
     * {@code CompletableFuture} comes back as a new future.
     *
     * @param <T> the type of the result
     * @param stage the stage to follow
     * @return a new future
     * @throws NullPointerException if {@code stage} is null
     */
    static <T extends @Nullable Object> Future<T> from(CompletionStage<? extends T> stage) {
        Arguments.notNull(stage, "stage", "Future.completed(null) is a future of null");
        return EngineLookup.engine().from(stage);
    }

    /**
     * Returns a future that ends as the given future of the JDK does. It is for futures of an
     * {@link java.util.concurrent.ExecutorService}, which have no callbacks.
     *
     * <pre>{@code
     * Future<Report> report = Future.fromBlocking(legacyPool.submit(() -> render()));
     * }</pre>
     *
     * <p><b>Threads.</b> One thread of the engine for each future blocks in {@code future.get()} until that future
     * ends; from JDK 24 on it is a virtual thread. There is no such thread if the future is done, or if it is a
     * {@link CompletionStage}, which is followed as {@link #from} does. A future of this library is returned itself.
     * Callbacks do not run on the blocked thread.
     *
     * <p><b>Cancel.</b> Cancelling the new future ends it at once and frees its thread. Soon after, a thread of the
     * engine calls {@code future.cancel(mayInterrupt)}. The scope of the new future, which is that of the current task,
     * waits for that call; otherwise closing a scope neither cancels nor waits for a future that is followed. If the
     * given future is cancelled, so is the new one.
     *
     * <p><b>Failure.</b> The {@link ExecutionException} that {@code get()} throws is taken off, once: if the work itself
     * failed with one, that is the failure.
     *
     * @param <T> the type of the result
     * @param future the future to follow
     * @return a new future, or the given one if it is of this library
     * @throws NullPointerException if {@code future} is null
     */
    static <T extends @Nullable Object> Future<T> fromBlocking(
            java.util.concurrent.Future<? extends T> future) {
        Arguments.notNull(future, "future", "Future.completed(null) is a future of null");
        return EngineLookup.engine().fromBlocking(future);
    }
}
