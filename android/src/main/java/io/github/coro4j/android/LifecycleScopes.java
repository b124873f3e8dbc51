package io.github.coro4j.android;

import androidx.lifecycle.Lifecycle;
import androidx.lifecycle.LifecycleOwner;
import androidx.lifecycle.ViewModel;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.GatherProgress;
import io.github.coro4j.Outcome;
import io.github.coro4j.Registration;
import io.github.coro4j.TaskScope;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Opens scopes that close with an activity, a fragment or a view model, and adds callbacks that never run after the owner
 * is destroyed.
 *
 * <pre>{@code
 * public class PageActivity extends ComponentActivity {
 *   @Override protected void onCreate(Bundle state) {
 *     super.onCreate(state);
 *     TaskScope scope = LifecycleScopes.open(this, "page");
 *     LifecycleScopes.onDone(this, scope.start("page", () -> load()), this::show);
 *   }
 * }
 * }</pre>
 *
 * <p>Every method must be called on the main thread, and none of them blocks it. Callbacks run on the main thread, posted
 * to its looper, never on the stack of the call that adds them. {@code androidx.lifecycle} must be on the class path.
 */
public final class LifecycleScopes {
    private LifecycleScopes() {}

    /**
     * Opens a scope that is closed when the owner is destroyed. The work in it is cancelled then, which interrupts its
     * bodies, and the main thread does not wait for them. Callbacks that are added without an executor run on the main
     * thread, also after the destruction. For code that touches views, use {@link #onDone}.
     *
     * @param owner an activity or fragment, or the view lifecycle of a fragment
     * @param name the name of the scope, for messages, reports and dumps
     * @return a new scope; closing it earlier with {@code closeAsync} is fine
     * @throws IllegalStateException if this is not the main thread, or if the owner is destroyed; no scope was opened
     * @throws IllegalArgumentException if {@code name} is blank
     */
    public static TaskScope open(LifecycleOwner owner, String name) {
        String consequence = "no scope was opened";
        Lifecycle lifecycle = lifecycleOf(owner, "LifecycleScopes.open", consequence);
        if (isDestroyed(lifecycle)) {
            throw new IllegalStateException(
                    "the owner, a "
                            + owner.getClass().getName()
                            + ", is destroyed: "
                            + consequence
                            + "; open the scope in onCreate, or use a ViewModel for work that outlives the owner");
        }
        TaskScope scope = open(name);
        ScopeCloser.closeWith(lifecycle, scope);
        return scope;
    }

    /**
     * Opens a scope that is closed when the view model is cleared. So the work continues during a rotation, and stops when
     * the user leaves the screen. Otherwise like {@link #open(LifecycleOwner, String)}.
     *
     * @param model the view model
     * @param name the name of the scope, for messages, reports and dumps
     * @return a new scope
     * @throws IllegalStateException if this is not the main thread, or if the model is cleared; no work has begun
     * @throws IllegalArgumentException if {@code name} is blank
     */
    public static TaskScope open(ViewModel model, String name) {
        String consequence = "no scope was opened";
        Arguments.notNull(model, "model", consequence);
        MainThread.require("LifecycleScopes.open", consequence);
        TaskScope scope = open(name);
        AutoCloseable closing = () -> scope.closeAsync("the view model was cleared");
        model.addCloseable(closing);
        if (!scope.isOpen()) {
            throw new IllegalStateException(
                    "the view model, a "
                            + model.getClass().getName()
                            + ", is cleared, so scope \""
                            + name
                            + "\" was closed; open it in the constructor of the view model");
        }
        return scope;
    }

    private static TaskScope open(String name) {
        return TaskScope.builder().name(name).callbackExecutor(MainThread.executor()).open();
    }

    /**
     * Passes the end of a future to a callback on the main thread, unless the owner is destroyed first. The destruction
     * removes the callback, and from then on neither the future nor anything else of Coro4j holds it. So an activity that
     * the callback uses can be collected, even if the body runs on, unless the body itself refers to it.
     *
     * <pre>{@code
     * LifecycleScopes.onDone(this, page, end -> text.setText(end.valueOr("no connection")));
     * }</pre>
     *
     * <p>Before the callback runs, the failure of the future is read, so it is not reported. If the owner is destroyed first,
     * this method reads nothing: a failure that no other code reads is reported. If the callback throws, the failure
     * listener of the future's scope gets the exception.
     *
     * @param <T> the type of the result
     * @param owner an activity or fragment, or the view lifecycle of a fragment
     * @param future the future, of any scope
     * @param callback what to call with the outcome, once
     * @return the registration, which removes the callback; if the owner is destroyed, it removes nothing
     * @throws IllegalStateException if this is not the main thread; the callback was not added
     */
    public static <T extends @Nullable Object> Registration onDone(
            LifecycleOwner owner, Future<T> future, Consumer<? super Outcome<T>> callback) {
        return add("LifecycleScopes.onDone", owner, future, callback, false);
    }

    /**
     * Passes the value of a future to one callback, or its failure to another; otherwise like
     * {@link #onDone(LifecycleOwner, Future, Consumer)}. If the future is cancelled, neither is called.
     *
     * <pre>{@code
     * LifecycleScopes.onDone(this, page, this::show, this::showError);
     * }</pre>
     *
     * @param <T> the type of the result
     * @param owner an activity or fragment, or the view lifecycle of a fragment
     * @param future the future, of any scope
     * @param onSuccess what to call with the value
     * @param onFailure what to call with the original exception
     * @return the registration, which removes both callbacks; if the owner is destroyed, it removes nothing
     * @throws IllegalStateException if this is not the main thread; the callbacks were not added
     */
    public static <T extends @Nullable Object> Registration onDone(
            LifecycleOwner owner,
            Future<T> future,
            Consumer<? super T> onSuccess,
            Consumer<? super Throwable> onFailure) {
        Arguments.notNull(onSuccess, "onSuccess", "the callbacks were not added");
        Arguments.notNull(onFailure, "onFailure", "the callbacks were not added");
        return onDone(
                owner,
                future,
                end -> {
                    if (end instanceof Outcome.Success) {
                        onSuccess.accept(((Outcome.Success<T>) end).value());
                    } else if (end instanceof Outcome.Failure) {
                        onFailure.accept(((Outcome.Failure<T>) end).exception());
                    }
                });
    }

    /**
     * Passes the end of a future to a callback like {@link #onDone}, but only while the owner is started, which means
     * that it is visible. If the future ends while the owner is not started, the callback waits until the owner starts.
     *
     * @param <T> the type of the result
     * @param owner an activity or fragment, or the view lifecycle of a fragment
     * @param future the future, of any scope
     * @param callback what to call with the outcome, once
     * @return the registration, which removes the callback; if the owner is destroyed, it removes nothing
     * @throws IllegalStateException if this is not the main thread; the callback was not added
     */
    public static <T extends @Nullable Object> Registration onDoneWhenStarted(
            LifecycleOwner owner, Future<T> future, Consumer<? super Outcome<T>> callback) {
        return add("LifecycleScopes.onDoneWhenStarted", owner, future, callback, true);
    }

    private static <T extends @Nullable Object> Registration add(
            String call,
            LifecycleOwner owner,
            Future<T> future,
            Consumer<? super Outcome<T>> callback,
            boolean waitsForStart) {
        String consequence = "the callback was not added";
        Arguments.notNull(future, "future", consequence);
        Arguments.notNull(callback, "callback", consequence);
        Lifecycle lifecycle = lifecycleOf(owner, call, consequence);
        return LifecycleCallback.add(lifecycle, future, callback, waitsForStart);
    }

    /**
     * Passes the latest progress of a gather to a listener on the main thread, until the owner is destroyed. The listener
     * first gets the current progress, if there is any. If the main thread is slower than the gather, the listener misses
     * steps, but never the last one. While the owner is not started, the listener waits for the start. If the
     * listener throws, the failure listener of the engine gets the exception, and later progress still arrives.
     *
     * <pre>{@code
     * LifecycleScopes.onProgress(this, model.progress(), p -> bar.setProgress((int) p.done()));
     * }</pre>
     *
     * @param owner an activity or fragment, or the view lifecycle of a fragment
     * @param progress the progress, which a view model may keep over a rotation
     * @param listener what to call with the latest progress
     * @return the registration, which removes the listener; if the owner is destroyed, it removes nothing
     * @throws IllegalStateException if this is not the main thread; the listener was not added
     */
    public static Registration onProgress(
            LifecycleOwner owner,
            LatestProgress progress,
            Consumer<? super GatherProgress> listener) {
        String consequence = "the listener was not added";
        Arguments.notNull(progress, "progress", consequence);
        Arguments.notNull(listener, "listener", consequence);
        Lifecycle lifecycle = lifecycleOf(owner, "LifecycleScopes.onProgress", consequence);
        return LifecycleProgress.add(lifecycle, progress, false, listener);
    }

    /**
     * Returns the plan, with a listener for its progress on the main thread; otherwise like
     * {@link #onProgress(LifecycleOwner, LatestProgress, Consumer)}.
     *
     * <pre>{@code
     * Gather<String> pages = scope.gather(urls, url -> load(url));
     * LifecycleScopes.onProgress(this, pages, p -> bar.setProgress((int) p.done())).all();
     * }</pre>
     *
     * @param <T> the type of the results
     * @param owner an activity or fragment, or the view lifecycle of a fragment
     * @param gather the plan; it must not have begun
     * @param listener what to call with the latest progress
     * @return the plan
     * @throws IllegalStateException if this is not the main thread; the listener was not added
     */
    public static <T extends @Nullable Object> Gather<T> onProgress(
            LifecycleOwner owner, Gather<T> gather, Consumer<? super GatherProgress> listener) {
        String consequence = "the listener was not added";
        Arguments.notNull(gather, "gather", consequence);
        Arguments.notNull(listener, "listener", consequence);
        Lifecycle lifecycle = lifecycleOf(owner, "LifecycleScopes.onProgress", consequence);
        LatestProgress progress = new LatestProgress();
        LifecycleProgress.add(lifecycle, progress, true, listener);
        return gather.onProgress(progress);
    }

    private static Lifecycle lifecycleOf(LifecycleOwner owner, String call, String consequence) {
        Arguments.notNull(owner, "owner", consequence);
        MainThread.require(call, consequence);
        return owner.getLifecycle();
    }

    static boolean isDestroyed(Lifecycle lifecycle) {
        return lifecycle.getCurrentState() == Lifecycle.State.DESTROYED;
    }
}
