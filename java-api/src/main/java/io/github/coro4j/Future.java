package io.github.coro4j;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
 * <pre>{@code
 * Future<Integer> length = Task.start(() -> "coro4j").map(String::length);
 * length.addDoneCallback(f -> System.out.println("length: " + f.result()));
 * int six = length.join();
 * }</pre>
 *
 * <p>Futures come from {@link Task}, {@link Promise}, {@link Gather} and the static methods here. Other code must not
 * implement this interface; in tests, use {@link #completed}, {@link #failed} and {@link #cancelled} instead of a mock.
 * Any thread may call any method. A future is equal only to itself. docs/glossary.md defines the terms in italics.
 *
 * <p><b>States.</b> A future is <em>pending</em>, then perhaps <em>cancelling</em>, then <em>done</em> with exactly one
 * <em>outcome</em>: success, failure or cancelled. The outcome never changes. A future is done when its <em>body</em>
 * has ended, {@code finally} blocks included. While a cancelled body cleans up, {@link #isCancelling()} is true, and
 * {@link #isDone()} and {@link #isCancelled()} are false. If work ends with a {@link CancellationException} but its
 * cancel was not requested, it has failed with that exception.
 *
 * <p><b>Waits.</b> Waiting is not ownership: abandoning a wait never cancels the work. If the waiting thread is
 * interrupted or its task is cancelled, the wait ends at once and the work runs on. The methods that throw
 * {@link WaitInterruptedException} leave the interrupt flag of the thread set. A future that is already done gives its
 * outcome even to an interrupted thread or a cancelled task. A wait inside a task starves no pool ({@link TaskScope}).
 *
 * <p><b>Exceptions.</b> {@link #exception()} and {@link #outcome()} return the very object that the work threw, the
 * same for every reader. The methods that throw a failure put one wrapper of the JDK around that object. If a body did
 * not catch the exception of an inner {@link #join()}, the object is such a wrapper itself. The methods then wrap its
 * cause instead.
 *
 * <p><b>Unread failures.</b> A failure that no code has read is reported when its future becomes unreachable or its
 * scope closes. {@link FailureListener} says which calls <em>read</em> a failure.
 *
 * <p><b>Memory effects.</b> What a thread did before it started the work happens-before everything the body does. What
 * the body did, or a thread did before it ended a {@link Promise}, happens-before every callback and every read of the
 * outcome.
 *
 * @param <T> the type of the result, which may be null
 */
public interface Future<T extends @Nullable Object> extends java.util.concurrent.Future<T> {

    // ---- look, never wait

    /** {@return whether the work has ended, in success, failure or cancellation} */
    @Override
    boolean isDone();

    /** {@return whether this future is done and was cancelled; false while a cancelled body cleans up} */
    @Override
    boolean isCancelled();

    /** {@return whether a cancel was requested and the work has not ended yet} */
    boolean isCancelling();

    /**
     * Returns the outcome as a value, and reads a failure.
     *
     * @return the outcome, equal for every reader; it holds the original exception
     * @throws IllegalStateException if this future is not done; use {@link #joinOutcome()} to wait for it
     */
    Outcome<T> outcome();

    /**
     * Returns the value of a future that is done.
     *
     * @return the value, perhaps null
     * @throws IllegalStateException if this future is not done; use {@link #join()} to wait for it
     * @throws CompletionException if the work failed; its cause is the original exception
     * @throws CancellationException if this future was cancelled; its message has the reason
     */
    T result();

    /**
     * Returns what went wrong instead of throwing it, and reads a failure.
     *
     * @return null after a success, the original exception after a failure, the cancellation after a cancel
     * @throws IllegalStateException if this future is not done
     */
    @Nullable Throwable exception();

    // ---- wait: these block the calling thread

    /**
     * Waits until this future is done, by the contract of the JDK's {@link java.util.concurrent.Future#get()}.
     *
     * @return the value, perhaps null
     * @throws InterruptedException if the waiting thread was interrupted or its task cancelled
     * @throws ExecutionException if the work failed; its cause is the original exception
     * @throws CancellationException if this future was cancelled
     * @throws DeadlockException if the calling task would wait for itself, directly or in a <em>circle</em>, or if this
     *     future needs a coroutine, body or callback that only the calling thread can run
     * @throws BlockingRefusedException if a {@link BlockingGuard} refuses the wait; the work runs on
     */
    @Override
    T get() throws InterruptedException, ExecutionException;

    /**
     * Waits like {@link #get()}, but at most for the given time. If the time passes, the work runs on.
     *
     * @param timeout how long to wait, in {@code unit}; zero or less looks once and does not wait
     * @param unit the unit of {@code timeout}
     * @return the value, perhaps null
     * @throws InterruptedException if the waiting thread was interrupted or its task cancelled
     * @throws ExecutionException if the work failed; its cause is the original exception
     * @throws TimeoutException if the time passed before this future was done
     * @throws CancellationException if this future was cancelled
     * @throws BlockingRefusedException if a {@link BlockingGuard} refuses the wait; the work runs on
     */
    @Override
    T get(long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException;

    /**
     * Waits until this future is done, with unchecked exceptions. Unlike {@link CompletableFuture#join()}, this wait
     * ends when the thread is interrupted.
     *
     * @return the value, perhaps null
     * @throws CompletionException if the work failed; its cause is the original exception
     * @throws CancellationException if this future was cancelled
     * @throws WaitInterruptedException if the waiting thread was interrupted or its task cancelled; the exception says
     *     whose wait ended
     * @throws DeadlockException if the calling task would wait for itself, directly or in a <em>circle</em>, or if this
     *     future needs a coroutine, body or callback that only the calling thread can run
     * @throws BlockingRefusedException if a {@link BlockingGuard} refuses the wait; the work runs on
     */
    T join();

    /**
     * Waits like {@link #join()}, but at most for the given time. If the time passes, the work runs on;
     * {@link #orTimeout} would stop it. A wait with a limit never runs the awaited body itself, and it is part of no
     * circle, because it ends.
     *
     * @param timeout how long to wait; zero looks once and does not wait
     * @return the value, perhaps null
     * @throws TimeoutException if the time passed before this future was done
     * @throws CompletionException if the work failed; its cause is the original exception
     * @throws CancellationException if this future was cancelled
     * @throws WaitInterruptedException if the waiting thread was interrupted or its task cancelled
     * @throws BlockingRefusedException if a {@link BlockingGuard} refuses the wait; the work runs on
     * @throws IllegalArgumentException if {@code timeout} is negative
     */
    T join(Duration timeout) throws TimeoutException;

    /**
     * Waits until this future is done, and returns its outcome. It never throws what the work threw.
     *
     * @return the outcome
     * @throws WaitInterruptedException if the waiting thread was interrupted or its task cancelled
     * @throws DeadlockException if the calling task would wait for itself, directly or in a <em>circle</em>, or if this
     *     future needs a coroutine, body or callback that only the calling thread can run
     * @throws BlockingRefusedException if a {@link BlockingGuard} refuses the wait; the work runs on
     */
    Outcome<T> joinOutcome();

    // ---- stop

    /**
     * Requests a cancel without a reason; otherwise like {@link #cancel(String)}.
     *
     * @return true unless this future was done
     */
    boolean cancel();

    /**
     * Requests that the work stops. The request stays, and its first reason stays. Every reader sees that reason, and
     * the name of what was cancelled, in a {@link TaskCancelledException}.
     *
     * <ul>
     * <li>A body that has not begun never runs. The future is done when this method returns, unless another thread
     * begins or cancels the body at the same moment.
     * <li>A running body is interrupted once, and the future is done when the body has ended. If the body ignores the
     * request and returns a value, the future is still cancelled.
     * <li>If the body throws after the request, and the exception or one of its causes is an interruption or a
     * cancellation, that exception counts as the cancel. So does any {@code Exception} once a hook of
     * {@link Task#onCancel} has begun. Any other exception makes the future <em>failed</em>. The
     * cancellation is then attached to that exception as suppressed, unless other futures failed with the same object.
     * <li>What the body has started in the scope of its task is cancelled for the same reason, and the future is done
     * when that has ended too.
     * <li>A {@link Promise} is done at once.
     * </ul>
     *
     * <p>Cancelling a derived future cancels its source, unless it is a {@link #shield()}. Cancelling the future of a
     * {@link Gather} cancels every child.
     *
     * @param reason why the work is to stop; {@link #cancel()} needs none
     * @return true unless this future was done
     */
    boolean cancel(String reason);

    /**
     * Requests that the work stops, by the contract of the JDK's {@link java.util.concurrent.Future#cancel}.
     *
     * @param mayInterrupt if true, a running body is interrupted; if false, the body sees the request only in
     *     {@link Task#checkCancelled()} and at its next wait for a future of this library
     * @return true unless this future was done
     */
    @Override
    boolean cancel(boolean mayInterrupt);

    /**
     * Cancels like {@link #cancel(String)}, and waits until the work has really stopped.
     *
     * @param reason why the work is to stop
     * @return the outcome: usually a cancellation; a failure if the clean-up failed; the earlier outcome if this future
     *     was done
     * @throws WaitInterruptedException if the waiting thread was interrupted or its own task cancelled
     * @throws DeadlockException if the calling task would wait for itself, directly or in a <em>circle</em>, or if this
     *     future needs a coroutine, body or callback that only the calling thread can run
     * @throws BlockingRefusedException if a {@link BlockingGuard} refuses the wait; the cancel was requested
     */
    Outcome<T> cancelAndJoin(String reason);

    // ---- callbacks

    /**
     * Adds a callback that runs on the scope's <em>callback executor</em>; otherwise like
     * {@link #addDoneCallback(Consumer, Executor)}.
     *
     * @param callback what to run; it receives this very future, already done
     * @return the registration, which can remove the callback
     */
    Registration addDoneCallback(Consumer<? super Future<T>> callback);

    /**
     * Adds a callback that runs once this future is done, whatever its outcome. A callback that is added twice runs
     * twice.
     *
     * <p><b>Threads.</b> A thread of the engine calls the executor. So the callback never runs on the stack of the
     * thread that ends the future or adds the callback. This also holds if the future is already done. Callbacks of one
     * future on one executor run one after another, in the order in which they were added. They are not ordered
     * relative to threads that wait for the future. Closing the scope waits for the callbacks on the scope's callback
     * executor. Inside a callback {@link Task#current()} is null.
     *
     * <p><b>Failures.</b> If a callback throws anything, even an {@link Error}, the scope's {@link FailureListener}
     * gets a report with the future's name. The other callbacks run, and the outcome stays. If the executor refuses the
     * callback, the listener gets a report too, and a thread of the engine runs it.
     *
     * @param callback what to run; it receives this very future, already done
     * @param executor where to run it
     * @return the registration, which can remove the callback
     */
    Registration addDoneCallback(Consumer<? super Future<T>> callback, Executor executor);

    /**
     * Removes every registration of an equal callback that has not begun to run.
     *
     * @param callback the callback to remove
     * @return how many registrations were removed, perhaps zero; their callbacks will not run
     */
    int removeDoneCallback(Consumer<? super Future<T>> callback);

    /**
     * Adds a callback for a success, which runs on the scope's <em>callback executor</em>; otherwise like
     * {@link #onSuccess(Consumer, Executor)}.
     *
     * @param action what to run with the value
     * @return this future
     */
    Future<T> onSuccess(Consumer<? super T> action);

    /**
     * Adds a callback that runs with the value, perhaps null, if this future succeeds. After a failure or a
     * cancellation it does not run, and the failure stays unread. Otherwise it is like a callback of
     * {@link #addDoneCallback(Consumer, Executor)}, but it cannot be removed.
     *
     * @param action what to run with the value
     * @param executor where to run it
     * @return this future
     */
    Future<T> onSuccess(Consumer<? super T> action, Executor executor);

    /**
     * Adds a callback for a failure, which runs on the scope's <em>callback executor</em>; otherwise like
     * {@link #onFailure(Consumer, Executor)}.
     *
     * <pre>{@code
     * Task.start("load", () -> load(42)).onSuccess(this::show).onFailure(this::log);
     * }</pre>
     *
     * @param action what to run with the original exception
     * @return this future
     */
    Future<T> onFailure(Consumer<? super Throwable> action);

    /**
     * Adds a callback that runs with the original exception if this future fails. After a success or a cancellation it
     * does not run. Running it reads the failure, even if the action throws; adding it does not. Otherwise it is like a
     * callback of {@link #addDoneCallback(Consumer, Executor)}, but it cannot be removed.
     *
     * @param action what to run with the original exception
     * @param executor where to run it
     * @return this future
     */
    Future<T> onFailure(Consumer<? super Throwable> action, Executor executor);

    // ---- derive: the new future owns this one

    /**
     * Returns a future for the result of a function of this future's value. The function runs as a body does, on the
     * executor of this future's scope. After a failure or a cancellation the function does not run, and the new future
     * ends in the same way, with the same exception. Cancelling the new future cancels this one, and interrupts the
     * function if it runs.
     *
     * @param <R> the type of the new result
     * @param function what to make of the value; if it throws, the new future fails with that exception
     * @return the derived future
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
     * @throws IllegalStateException if this future's scope is closed
     */
    <R extends @Nullable Object> Future<R> flatMap(
            ThrowingFunction<? super T, ? extends Future<? extends R>> function);

    /**
     * Derives a future that turns a failure of this one into a value. A success and a cancellation pass unchanged.
     *
     * @param function what to make of the original exception; if it throws, the new future fails with that exception
     * @return the derived future
     * @throws IllegalStateException if this future's scope is closed
     */
    Future<T> recover(ThrowingFunction<? super Throwable, ? extends T> function);

    /**
     * Derives a future that fails with a {@link TimeoutException} if this one is not done in time. When the time has
     * passed, this future is cancelled, and the new one fails at once, even if the work cannot be interrupted. The scope
     * of the work waits for its end. An exception that the work throws while it stops stays unread in this future, and a
     * late value is dropped. To stop waiting without stopping the work, use {@code shield().orTimeout(...)}.
     *
     * @param timeout how long from now
     * @return the derived future
     * @throws IllegalArgumentException if {@code timeout} is zero or negative
     * @throws IllegalStateException if this future's scope is closed
     */
    Future<T> orTimeout(Duration timeout);

    /**
     * Derives a future like {@link #orTimeout} that succeeds with {@code value} when the time has passed. A failure
     * before that is passed on unchanged. An exception that the work throws while it stops stays unread in this future.
     *
     * @param value the value to end with if the time passes; may be null
     * @param timeout how long from now
     * @return the derived future
     * @throws IllegalArgumentException if {@code timeout} is zero or negative
     * @throws IllegalStateException if this future's scope is closed
     */
    Future<T> completeOnTimeout(T value, Duration timeout);

    /**
     * Returns a future that ends as this one does, but does not <em>own</em> it. Cancelling this shield ends it at
     * once, and leaves this future alone. If a shield is pending when this future fails, the shield takes the failure
     * over. Otherwise the failure stays unread in this future. A pending future keeps its pending shields in memory;
     * cancel a shield to release it.
     *
     * <p>If the calling body has started this future, a cancel of the body's task then reaches neither this future nor
     * what it follows.
     *
     * @return the shield; this very future if it is already done
     */
    Future<T> shield();

    /**
     * Names this future in messages, reports and dumps, and returns it. Without this a derived future has a name such
     * as {@code load.map}. The last name counts; exceptions and reports that exist keep the former name.
     *
     * <pre>{@code
     * Future<Integer> size = Task.start("load", () -> load(42)).map(String::length).named("size of 42");
     * }</pre>
     *
     * <p>The name of a {@link Task} never changes. For a task, this method returns a new derived future with the given
     * name, which ends as the task does. Cancelling that future cancels the task.
     *
     * @param name the name, for messages, reports and dumps
     * @return this future; for a task, a future derived from it
     * @throws IllegalArgumentException if {@code name} is blank
     * @throws IllegalStateException if this is a task whose scope is closed
     */
    Future<T> named(String name);

    /**
     * Returns a <em>view</em> for code that needs the JDK's type.
     *
     * <p><b>Threads.</b> The view is done as soon as this future is, even while the callback executor is busy. Its
     * dependents run later, on the scope's callback executor, which is also its default executor. Waiting for the view
     * starves no pool, and a circle of waits throws a {@link DeadlockException}. docs/interop.md explains which rules
     * of the JDK hold for dependents.
     *
     * <p><b>Cancel.</b> Cancelling the view cancels this future, always with an interrupt. Any other call that ends the
     * view before the work has ended, such as {@code complete} or {@code orTimeout}, also cancels this future. By the
     * JDK's contract the view is then done at once, while the work may still be stopping. A view of {@link #shield()}
     * leaves the work alone.
     *
     * <p><b>Failure.</b> The view has the original exception, in the JDK's wrappers. After a cancel of this future it
     * has the same cancellation, with its reason, on every JDK. A view that ends with a failure reads it; a view that
     * was cancelled or completed first does not.
     *
     * @return a new view
     */
    CompletableFuture<T> toCompletableFuture();

    // ---- make one that needs no body

    /**
     * Returns a future that has succeeded.
     *
     * @param <T> the type of the result
     * @param value the value; may be null
     * @return a done future
     */
    static <T extends @Nullable Object> Future<T> completed(T value) {
        return EngineLookup.engine().completed(value);
    }

    /**
     * Returns a future that has failed. A {@link CancellationException} is a failure here, too.
     *
     * @param <T> the type of the result
     * @param exception the failure
     * @return a done future
     */
    static <T extends @Nullable Object> Future<T> failed(Throwable exception) {
        Arguments.notNull(
                exception, "exception", "a future cannot fail without one; give the reason");
        return EngineLookup.engine().failed(exception);
    }

    /**
     * Returns a future that was cancelled.
     *
     * @param <T> the type of the result
     * @param reason why
     * @return a done future
     */
    static <T extends @Nullable Object> Future<T> cancelled(String reason) {
        Arguments.notNull(reason, "reason", "give the reason, which every reader sees");
        return EngineLookup.engine().cancelled(reason);
    }

    /**
     * Returns a future that ends as the given stage does. A future of this library that was turned into a
     * {@code CompletableFuture} comes back as a new future.
     *
     * <p><b>Cancel.</b> Cancelling the new future ends it at once. Soon after, a thread of the engine cancels
     * {@code stage.toCompletableFuture()}, if the stage supports that; by the JDK's rule, the dependents of the stage
     * run on that thread. The scope waits for that cancel. If the stage ends with a {@link CancellationException}, with
     * or without a wrapper, the new future is cancelled.
     *
     * <p><b>Failure.</b> If the failure is a {@link CompletionException}, the new future fails with its cause. Only one
     * wrapper is removed.
     *
     * @param <T> the type of the result
     * @param stage the stage to follow
     * @return a new future
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
     * <p><b>Threads.</b> For each future, a thread of the engine blocks in {@code future.get()} until that future is
     * done; from JDK 24 on it is a virtual thread. No thread blocks if the future is already done, or if it is a
     * {@link CompletionStage}, which this method follows as {@link #from} does. A future of this library is returned
     * itself. Callbacks do not run on the blocked thread.
     *
     * <p><b>Cancel.</b> Cancelling the new future ends it at once and frees its thread. Soon after, a thread of the
     * engine calls {@code future.cancel(mayInterrupt)}. The new future belongs to the
     * {@linkplain Task#current() current scope}, which waits for that call. Apart from that, closing the scope neither
     * cancels the given future nor waits for it. If the given future is cancelled, the new one is cancelled too.
     *
     * <p><b>Failure.</b> The new future fails with the cause of the {@link ExecutionException} that {@code get()}
     * throws. If the work itself failed with such an exception, that exception is the failure.
     *
     * @param <T> the type of the result
     * @param future the future to follow
     * @return a new future, or the given one if it is of this library
     */
    static <T extends @Nullable Object> Future<T> fromBlocking(
            java.util.concurrent.Future<? extends T> future) {
        Arguments.notNull(future, "future", "Future.completed(null) is a future of null");
        return EngineLookup.engine().fromBlocking(future);
    }
}
