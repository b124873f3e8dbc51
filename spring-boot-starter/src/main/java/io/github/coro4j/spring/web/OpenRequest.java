package io.github.coro4j.spring.web;

import io.github.coro4j.TaskScope;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One request that the server handles, with its scope. Any thread may call it. */
public final class OpenRequest {
    /** Name of the request attribute that holds this object. */
    public static final String ATTRIBUTE = OpenRequest.class.getName();

    private final RequestScopes scopes;
    private @Nullable TaskScope scope;
    private @Nullable Runnable atEnd;
    private boolean isOver;

    OpenRequest(RequestScopes scopes) {
        this.scopes = scopes;
    }

    /**
     * Returns the scope, and opens it on the first call.
     *
     * @param name gives the name of the scope, such as {@code GET /prices/{id}}
     * @return the scope
     * @throws IllegalStateException if the request is over
     */
    public synchronized TaskScope scope(Supplier<String> name) {
        if (isOver) {
            throw new IllegalStateException(
                    "the request is over, so it has no scope any more; start work that outlives a"
                            + " request in the scope of the application");
        }
        TaskScope opened = scope;
        if (opened == null) {
            opened = scopes.open(name.get());
            scope = opened;
        }
        return opened;
    }

    /**
     * Returns whether the request is over.
     *
     * @return true after {@link #end}
     */
    public synchronized boolean isOver() {
        return isOver;
    }

    /**
     * Sets an action for the end of the request. It runs on the thread that ends the request, once, after the request counts
     * as over.
     *
     * @param action the action
     */
    public synchronized void atEnd(Runnable action) {
        atEnd = action;
    }

    /** Notes that the request is over, and cancels the work in its scope. Does not wait. */
    public void end() {
        TaskScope opened;
        Runnable action;
        synchronized (this) {
            isOver = true;
            opened = scope;
            scope = null;
            action = atEnd;
            atEnd = null;
        }
        try {
            if (action != null) {
                action.run();
            }
        } finally {
            if (opened != null) {
                scopes.close(opened);
            }
        }
    }
}
