package io.github.coro4j.spring;

import io.github.coro4j.BlockingGuard;
import io.github.coro4j.ContextPropagator;
import io.github.coro4j.FailureListener;
import io.github.coro4j.TaskListener;
import io.github.coro4j.TaskScope;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.MergedBeanDefinitionPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Scope;
import org.springframework.core.env.Environment;

/**
 * Makes the scope of the application, as a bean. If the application has a {@link TaskScope} bean without
 * {@code defaultCandidate = false}, the starter adds none. The starter closes all scopes that are beans.
 *
 * <p>The bean {@link TaskScope.Builder} is a prototype: each injection gets a new builder with the settings of this
 * application. An application opens a second scope with it:
 *
 * <pre>{@code
 * @Bean(defaultCandidate = false)
 * TaskScope background(TaskScope.Builder builder) {
 *     return builder.name("background").open();
 * }
 * }</pre>
 *
 * <p>The scopes use all beans of the types {@link TaskListener}, {@link ContextPropagator} and {@link TaskScopeCustomizer},
 * and a bean of the types {@link FailureListener} and {@link BlockingGuard}.
 */
@AutoConfiguration
@EnableConfigurationProperties(Coro4jProperties.class)
public class Coro4jAutoConfiguration {
    private static final Duration SPRINGS_LIMIT = Duration.ofSeconds(30);

    /** Creates the configuration. Spring calls this. */
    Coro4jAutoConfiguration() {}

    @Bean
    OpenScopes coro4jOpenScopes() {
        return new OpenScopes();
    }

    @Bean
    static MergedBeanDefinitionPostProcessor coro4jNoCloseBySpring() {
        return new NoCloseBySpring();
    }

    @Bean
    ScopeShutdown coro4jScopeShutdown(
            OpenScopes scopes,
            ConfigurableApplicationContext context,
            Coro4jProperties properties,
            Environment environment) {
        Coro4jProperties.Shutdown shutdown = properties.shutdown();
        Duration limit = shutdown.limit();
        if (limit == null) {
            String phase = "spring.lifecycle.timeout-per-shutdown-phase";
            limit = environment.getProperty(phase, Duration.class, SPRINGS_LIMIT);
        }
        PropertyChecks.notNegative("coro4j.shutdown.drain", shutdown.drain());
        PropertyChecks.notNegative("coro4j.shutdown.limit", limit);
        return new ScopeShutdown(scopes, context, shutdown.drain(), limit);
    }

    @Bean
    @ConditionalOnMissingBean
    FailureListener coro4jFailureListener() {
        return new LoggedFailures();
    }

    @Bean
    ExecutorByName coro4jExecutorByName(
            ConfigurableApplicationContext context, Coro4jProperties properties) {
        return new ExecutorByName(context, properties.executor());
    }

    @Bean
    @Scope("prototype")
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    TaskScope.Builder taskScopeBuilder(
            Coro4jProperties properties,
            Environment environment,
            ExecutorByName executor,
            ObjectProvider<TaskListener> listeners,
            FailureListener failures,
            ObjectProvider<ContextPropagator> propagators,
            ObjectProvider<BlockingGuard> guard,
            ObjectProvider<TaskScopeCustomizer> customizers) {
        TaskScope.Builder builder =
                TaskScope.builder()
                        .name(PropertyChecks.name(properties.name(), environment))
                        .failureListener(failures);
        executor.ifNamed(builder::executor);
        List<TaskListener> all = listeners.orderedStream().toList();
        if (!all.isEmpty()) {
            builder.taskListener(all.size() == 1 ? all.get(0) : new AllTaskListeners(all));
        }
        propagators.orderedStream().forEach(builder::contextPropagator);
        guard.ifUnique(builder::blockingGuard);
        customizers.orderedStream().forEach(each -> each.customize(builder));
        return builder;
    }

    @Bean
    @ConditionalOnMissingBean(TaskScope.class)
    TaskScope taskScope(TaskScope.Builder builder, OpenScopes scopes, Coro4jProperties properties) {
        Duration deadline = properties.deadline();
        if (deadline != null) {
            builder.deadline(PropertyChecks.positive("coro4j.deadline", deadline));
        }
        return scopes.add(builder.open());
    }
}
