package io.github.coro4j.spring;

import io.github.coro4j.TaskScope;

/**
 * Changes the settings of every scope that comes from the bean {@link TaskScope.Builder}: the scope of the application, the
 * scopes of requests, and scopes that the application opens with that bean. Spring calls it whenever it creates a
 * builder, on the thread that asks for one, after the name, the executor and the other beans are set. The deadlines of
 * the properties and the name of a request's scope are set later, and replace what it sets. What it throws reaches the
 * code that asks for the builder.
 *
 * <pre>{@code
 * @Bean
 * TaskScopeCustomizer tenants() {
 *     return builder -> builder.contextPropagator(ContextPropagator.of(TENANT));
 * }
 * }</pre>
 */
@FunctionalInterface
public interface TaskScopeCustomizer {

    /**
     * Changes the settings of a scope.
     *
     * @param builder the builder of the scope
     */
    void customize(TaskScope.Builder builder);
}
