package io.github.coro4j.examples.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.ContextPropagator;
import io.github.coro4j.Future;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.spring.TaskScopeCustomizer;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.stereotype.Service;

/** Settings of the application, without a web server. */
class OwnSettingsTest {
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {
        private static final ThreadLocal<String> TENANT = new ThreadLocal<>();

        // region
        @Bean
        TaskScopeCustomizer tenants() {
            return builder -> builder.contextPropagator(ContextPropagator.of(TENANT));
        }

        @Bean(defaultCandidate = false)
        TaskScope background(TaskScope.Builder builder) {
            return builder.name("background").open();
        }

        // endregion

        @Bean
        Executor named() {
            return work -> new Thread(work, "my thread").start();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAsync
    static class AsyncApp {
        // region
        @Service
        static class Reports {
            @Async("coro4j")
            public Future<String> build(int id) {
                return Future.completed("report " + id);
            }
        }
        // endregion
    }

    private static ConfigurableApplicationContext start(Class<?> more, String... properties) {
        return new SpringApplicationBuilder(App.class, more)
                .web(WebApplicationType.NONE)
                .properties(properties)
                .run();
    }

    @Test
    void everyScopeHasTheSettingsOfTheApplication() {
        TaskScope scope;
        TaskScope background;
        try (ConfigurableApplicationContext context = start(App.class)) {
            scope = context.getBean(TaskScope.class);
            background = context.getBean("background", TaskScope.class);
            assertNotSame(scope, background);
            assertEquals("application", scope.name());
            assertEquals("background", background.name());
            App.TENANT.set("acme");
            Task<String> one = scope.start(App.TENANT::get);
            Task<String> other = background.start(App.TENANT::get);
            App.TENANT.remove();
            assertEquals("acme", one.join());
            assertEquals("acme", other.join());
        }
        assertFalse(scope.isOpen());
        assertFalse(background.isOpen());
    }

    @Test
    void theNameAndTheExecutorAreProperties() {
        String[] properties = {"spring.application.name=shop", "coro4j.executor=named"};
        try (ConfigurableApplicationContext context = start(App.class, properties)) {
            TaskScope scope = context.getBean(TaskScope.class);
            assertEquals("shop", scope.name());
            String thread = scope.start(() -> Thread.currentThread().getName()).join();
            assertTrue(thread.startsWith("my thread"), thread);
        }
    }

    @Test
    void theDeadlineIsAProperty() {
        try (ConfigurableApplicationContext context =
                start(App.class, "coro4j.name=batch", "coro4j.deadline=1ms")) {
            TaskScope scope = context.getBean(TaskScope.class);
            assertEquals("batch", scope.name());
            Future<Void> day = scope.<Void>start(() -> Task.sleep(Duration.ofDays(1)).join());
            String end = day.joinOutcome().toString();
            assertTrue(end.contains("the deadline of scope \"batch\" passed"), end);
        }
    }

    @Test
    void aScopeOfTheApplicationReplacesThatOfTheStarter() {
        try (ConfigurableApplicationContext context = start(Own.class)) {
            assertSame(context.getBean("own"), context.getBean(TaskScope.class));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Own {
        @Bean
        TaskScope own() {
            return TaskScope.open("own");
        }
    }

    @Test
    void anAsyncMethodMayReturnAFuture() {
        try (ConfigurableApplicationContext context = start(AsyncApp.class)) {
            Future<String> report = context.getBean(AsyncApp.Reports.class).build(1);
            assertTrue(report instanceof Task, report.toString());
            assertEquals("report 1", report.join());
        }
    }
}
