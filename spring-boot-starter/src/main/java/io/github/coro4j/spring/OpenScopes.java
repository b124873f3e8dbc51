package io.github.coro4j.spring;

import io.github.coro4j.TaskScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The open scopes that this application has opened by itself: its own, and those of requests. {@link ScopeShutdown}
 * closes them. Any thread may call this class.
 */
public final class OpenScopes {
    /** The reason of all cancels by the end of the application. */
    static final String STOP = "the application stops";

    private final Set<TaskScope> scopes = ConcurrentHashMap.newKeySet();
    private volatile boolean isClosed;

    OpenScopes() {}

    /**
     * Adds a scope that was just opened. If the application has stopped, its work is cancelled.
     *
     * @param scope the scope
     * @return the scope
     */
    public TaskScope add(TaskScope scope) {
        scopes.add(scope);
        // publish, then re-check: pairs with closeForGood
        if (isClosed) {
            close(scope, STOP);
        }
        return scope;
    }

    /** Closes each scope that is added from now on. */
    void closeForGood() {
        isClosed = true;
    }

    /**
     * Cancels the work of a scope, and closes it without waiting. The scope leaves the list when its last work has ended.
     *
     * @param scope the scope
     * @param reason why its work is to stop
     */
    public void close(TaskScope scope, String reason) {
        scope.closeAsync(reason).addDoneCallback(closed -> scopes.remove(scope));
    }

    /**
     * Returns the scopes that are open or closing.
     *
     * @return a snapshot in no order
     */
    public List<TaskScope> all() {
        return new ArrayList<>(scopes);
    }
}
