package io.github.coro4j.spring;

import io.github.coro4j.TaskScope;

/**
 * Changes the settings of every scope that this application opens through the bean {@link TaskScope.Builder}: the scope of
 * the application, and the scopes of requests. A bean of this type is called on the thread that opens the scope, after
 * the properties have been applied. What it throws reaches the code that opens the scope.
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
