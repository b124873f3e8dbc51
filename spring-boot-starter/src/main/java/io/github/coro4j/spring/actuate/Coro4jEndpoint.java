package io.github.coro4j.spring.actuate;

import io.github.coro4j.TaskScope;
import io.github.coro4j.spring.OpenScopes;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * Shows what runs: {@code GET /actuator/coro4j} returns the dumps of all scopes that are beans, of the scopes of open
 * requests, and of the global scope as JSON. The answer is {@code {"scopes":[...]}}; each element is what
 * {@link TaskScope#dumpJson()} returns. The call pauses no thread.
 */
@Endpoint(id = "coro4j")
public final class Coro4jEndpoint {
    private final OpenScopes scopes;
    private final ListableBeanFactory beans;

    Coro4jEndpoint(OpenScopes scopes, ListableBeanFactory beans) {
        this.scopes = scopes;
        this.beans = beans;
    }

    /**
     * Returns the dumps.
     *
     * @return one JSON object
     */
    @ReadOperation(produces = "application/json")
    public String dump() {
        // Unlike an ObjectProvider, this finds beans that are no default candidates as well.
        Set<TaskScope> all =
                new LinkedHashSet<>(beans.getBeansOfType(TaskScope.class, false, false).values());
        List<TaskScope> ofRequests = scopes.all();
        ofRequests.sort(Comparator.comparing(TaskScope::name));
        all.addAll(ofRequests);
        all.add(TaskScope.global());
        return all.stream()
                .map(TaskScope::dumpJson)
                .collect(Collectors.joining(",", "{\"scopes\":[", "]}"));
    }
}
