package io.github.coro4j.spring.async;

import io.github.coro4j.TaskScope;
import io.github.coro4j.spring.Coro4jAutoConfiguration;
import java.util.concurrent.Executor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.scheduling.annotation.AsyncConfigurer;

/**
 * Lets the scope of the application run {@code @Async} methods: those that name the executor {@value #EXECUTOR} and, with
 * the property {@code coro4j.async.enabled}, those that name none.
 */
@AutoConfiguration(
        after = Coro4jAutoConfiguration.class,
        beforeName = "org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration")
@ConditionalOnSingleCandidate(TaskScope.class)
public class AsyncTaskAutoConfiguration {
    private static final String EXECUTOR = "coro4j";

    /** Creates the configuration. Spring calls this. */
    AsyncTaskAutoConfiguration() {}

    // No default candidate, so that Spring Boot still makes its own executor.
    @Bean(name = EXECUTOR, defaultCandidate = false)
    AsyncTaskExecutor coro4jTaskExecutor(ObjectProvider<TaskScope> scope) {
        return new TaskScopeExecutor(scope);
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnProperty(name = "coro4j.async.enabled", havingValue = "true")
    AsyncConfigurer coro4jAsyncConfigurer(ObjectProvider<TaskScope> scope) {
        return new AsyncConfigurer() {
            @Override
            public Executor getAsyncExecutor() {
                return new TaskScopeExecutor(scope);
            }
        };
    }
}
