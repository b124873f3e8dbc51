package io.github.coro4j.examples.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.AsyncConfigurer;
import org.springframework.scheduling.annotation.EnableAsync;

/** Methods with {@code @Async}, which the scope of the application runs as tasks. */
class AsyncMethodTest {
    private ConfigurableApplicationContext app;

    interface Loads {
        Future<String> value(int id);

        Task<String> task(int id);

        CompletableFuture<String> stage(int id);

        void nothing(int id);

        Future<String> broken(RuntimeException thrown);

        Future<String> failed(Exception failure);

        CompletableFuture<String> thread();
    }

    static class HeldLoads implements Loads {
        private final HeldReports reports;

        HeldLoads(HeldReports reports) {
            this.reports = reports;
        }

        // region
        @Async("coro4j")
        @Override
        public Future<String> value(int id) {
            return Future.completed(build(id));
        }

        // endregion

        @Async("coro4j")
        @Override
        public Task<String> task(int id) {
            return Task.start(() -> build(id));
        }

        @Async("coro4j")
        @Override
        public CompletableFuture<String> stage(int id) {
            return CompletableFuture.completedFuture(build(id));
        }

        @Async("coro4j")
        @Override
        public void nothing(int id) {
            build(id);
        }

        @Async("coro4j")
        @Override
        public Future<String> broken(RuntimeException thrown) {
            throw thrown;
        }

        @Async("coro4j")
        @Override
        public Future<String> failed(Exception failure) {
            return Future.failed(failure);
        }

        @Async
        @Override
        public CompletableFuture<String> thread() {
            return CompletableFuture.completedFuture(Thread.currentThread().getName());
        }

        private String build(int id) {
            try {
                return reports.build(id);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({HeldReports.class, HeldLoads.class})
    static class App {}

    @Configuration(proxyBeanMethods = false)
    @EnableAsync
    static class InterfaceProxies {}

    @Configuration(proxyBeanMethods = false)
    @EnableAsync(proxyTargetClass = true)
    static class ClassProxies {}

    @Configuration(proxyBeanMethods = false)
    @EnableAsync
    static class OwnExecutor implements AsyncConfigurer {
        @Override
        public Executor getAsyncExecutor() {
            return work -> new Thread(work, "of the application").start();
        }
    }

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        app.getBean(TaskScope.class).join();
        app.close();
        TaskScope.global().join();
        assertEquals(Set.of(), TaskScope.global().tasks());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theTaskEndsWithTheResultOfTheMethod(boolean isClassProxied) throws Exception {
        String property = "spring.aop.proxy-target-class=" + isClassProxied;
        start(isClassProxied ? ClassProxies.class : InterfaceProxies.class, property);
        assertEquals(isClassProxied, AopUtils.isCglibProxy(loads()));
        reports().open();
        assertEquals("report 1", loads().value(1).join());
        assertEquals("report 2", loads().task(2).join());
        assertEquals("report 3", loads().stage(3).join());
    }

    @Test
    void theFutureIsATaskOfTheScopeOfTheApplication() throws Exception {
        start(InterfaceProxies.class);
        Future<String> value = loads().value(1);
        Task<?> task = assertInstanceOf(Task.class, value);
        assertSame(app.getBean(TaskScope.class), task.scope());
        reports().open();
        assertEquals("report 1", task.join());
    }

    @Test
    void aMethodWithoutAResultRunsAsATask() throws Exception {
        start(InterfaceProxies.class);
        loads().nothing(1);
        assertEquals("begun 1", reports().next());
        assertEquals(1, app.getBean(TaskScope.class).tasks().size());
        reports().open();
        assertEquals("ended 1", reports().next());
    }

    @Test
    void aCancelOfTheFutureInterruptsTheMethod() throws Exception {
        start(InterfaceProxies.class);
        Future<String> value = loads().value(1);
        assertEquals("begun 1", reports().next());
        assertInstanceOf(Outcome.Cancelled.class, value.cancelAndJoin("not needed"));
        assertInterrupted();
    }

    @Test
    void aCancelOfATaskInterruptsWhatTheMethodHasStarted() throws Exception {
        start(InterfaceProxies.class);
        Task<String> task = loads().task(1);
        assertEquals("begun 1", reports().next());
        assertInstanceOf(Outcome.Cancelled.class, task.cancelAndJoin("not needed"));
        assertInterrupted();
    }

    @Test
    void aCancelOfACompletableFutureInterruptsTheMethod() throws Exception {
        start(InterfaceProxies.class);
        CompletableFuture<String> stage = loads().stage(1);
        assertEquals("begun 1", reports().next());
        assertTrue(stage.cancel(true));
        assertInterrupted();
    }

    @Test
    void theExceptionIsThatOfTheMethod() throws Exception {
        start(InterfaceProxies.class);
        RuntimeException thrown = new IllegalArgumentException("no id");
        assertFailsWith(thrown, loads().broken(thrown));
        Exception failure = new IOException("no disk");
        assertFailsWith(failure, loads().failed(failure));
    }

    @Test
    void springsExecutorRunsMethodsThatNameNone() throws Exception {
        start(InterfaceProxies.class);
        assertEquals("task-1", loads().thread().join());
    }

    @Test
    void theScopeMayRunMethodsThatNameNone() throws Exception {
        start(InterfaceProxies.class, "coro4j.async.enabled=true");
        String thread = loads().thread().join();
        assertTrue(thread.startsWith("coro4j-") || thread.startsWith("@"), thread);
    }

    @Test
    void theConfigurerOfTheApplicationWins() throws Exception {
        start(OwnExecutor.class, "coro4j.async.enabled=true");
        assertEquals("of the application", loads().thread().join());
    }

    private static void assertFailsWith(Exception expected, Future<String> future) {
        Exception wrapper = assertThrows(CompletionException.class, future::join);
        assertSame(expected, wrapper.getCause());
        assertSame(expected, future.outcome().exceptionOrNull());
    }

    private void start(Class<?> settings, String... properties) {
        app =
                new SpringApplicationBuilder(App.class, settings)
                        .web(WebApplicationType.NONE)
                        .properties(properties)
                        .run();
    }

    private Loads loads() {
        return app.getBean(Loads.class);
    }

    private HeldReports reports() {
        return app.getBean(HeldReports.class);
    }

    private void assertInterrupted() throws InterruptedException {
        assertEquals("interrupted 1", reports().next());
        assertEquals("ended 1", reports().next());
    }
}
