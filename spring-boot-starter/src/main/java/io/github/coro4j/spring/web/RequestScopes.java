package io.github.coro4j.spring.web;

import io.github.coro4j.TaskScope;
import io.github.coro4j.spring.Coro4jProperties;
import io.github.coro4j.spring.OpenScopes;
import io.github.coro4j.spring.PropertyChecks;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/** Opens and closes the scopes of requests. */
public final class RequestScopes {
    private final OpenScopes scopes;
    private final ObjectProvider<TaskScope.Builder> builders;
    private final @Nullable Duration deadline;

    /**
     * Creates the object.
     *
     * @param scopes where the scopes are listed
     * @param builders gives a new builder for each scope
     * @param properties the properties of the application
     */
    public RequestScopes(
            OpenScopes scopes,
            ObjectProvider<TaskScope.Builder> builders,
            Coro4jProperties properties) {
        this.scopes = scopes;
        this.builders = builders;
        Duration limit = properties.request().deadline();
        this.deadline =
                limit == null ? null : PropertyChecks.positive("coro4j.request.deadline", limit);
    }

    /**
     * Returns an object for a request that begins.
     *
     * @return the request, without a scope yet
     */
    public OpenRequest begin() {
        return new OpenRequest(this);
    }

    TaskScope open(String name) {
        TaskScope.Builder builder = builders.getObject().name(name);
        if (deadline != null) {
            builder.deadline(deadline);
        }
        return scopes.add(builder.open());
    }

    void close(TaskScope scope) {
        scopes.close(scope, "the request is over");
    }
}
