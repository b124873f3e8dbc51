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

    /** Notes that the request is over, and cancels the work in its scope. Does not wait. */
    public void end() {
        TaskScope opened;
        synchronized (this) {
            isOver = true;
            opened = scope;
            scope = null;
        }
        if (opened != null) {
            scopes.close(opened);
        }
    }
}
