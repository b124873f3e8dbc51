package io.github.coro4j.spring.async;

import io.github.coro4j.TaskScope;
import io.github.coro4j.spring.Coro4jAutoConfiguration;
import java.util.concurrent.Executor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.annotation.AsyncConfigurer;

/**
 * Makes the scope of the application run the {@code @Async} methods that name no executor, unless the application has an
 * {@link AsyncConfigurer} of its own.
 */
@AutoConfiguration(
        after = Coro4jAutoConfiguration.class,
        beforeName = "org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration")
@ConditionalOnBean(TaskScope.class)
@ConditionalOnProperty(name = "coro4j.async.enabled", havingValue = "true", matchIfMissing = true)
public class AsyncTaskAutoConfiguration {
    /** Creates the configuration. Spring calls this. */
    AsyncTaskAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    AsyncConfigurer coro4jAsyncConfigurer(ObjectProvider<TaskScope> scope) {
        return new AsyncConfigurer() {
            @Override
            public Executor getAsyncExecutor() {
                return new TaskScopeExecutor(scope);
            }
        };
    }
}
