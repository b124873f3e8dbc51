package io.github.coro4j.examples.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Gather;
import io.github.coro4j.TaskScope;
import io.github.coro4j.spring.Coro4jAutoConfiguration;
import io.github.coro4j.spring.servlet.WebMvcAutoConfiguration;
import io.github.coro4j.spring.web.RequestTaskScope;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The errors for mistakes of an application. */
class MistakesTest {
    private final ApplicationContextRunner application =
            new ApplicationContextRunner()
                    .withConfiguration(AutoConfigurations.of(Coro4jAutoConfiguration.class));

    @RestController
    static class Unfinished {
        private final TaskScope scope;
        private final Reports reports;

        Unfinished(TaskScope scope, Reports reports) {
            this.scope = scope;
            this.reports = reports;
        }

        @GetMapping("/unfinished")
        Gather<String> reports() {
            return scope.gather(List.of(1, 2), reports::build);
        }

        @ExceptionHandler
        String mistake(IllegalStateException thrown) {
            return thrown.getMessage();
        }
    }

    @Test
    void aGatherWithoutAPolicyIsAnErrorInMvc() throws Exception {
        String message = messageOfUnfinished(WebApplicationType.SERVLET);
        assertTrue(message.contains("Unfinished.reports() returned a Gather"), message);
        assertTrue(message.contains("call a policy, such as all()"), message);
    }

    @Test
    void aGatherWithoutAPolicyIsAnErrorInWebFlux() throws Exception {
        String message = messageOfUnfinished(WebApplicationType.REACTIVE);
        assertTrue(message.startsWith("the controller returned a Gather"), message);
        assertTrue(message.contains("call a policy, such as all()"), message);
    }

    @Test
    void aThreadWithoutARequestHasNoRequestScope() {
        new WebApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(
                                Coro4jAutoConfiguration.class, WebMvcAutoConfiguration.class))
                .run(
                        app -> {
                            RequestTaskScope request = app.getBean(RequestTaskScope.class);
                            Exception thrown =
                                    assertThrows(IllegalStateException.class, request::get);
                            assertEquals(
                                    "this thread handles no request of Spring MVC; inject a TaskScope"
                                            + " for work that belongs to no request",
                                    thrown.getMessage());
                        });
    }

    @Test
    void anUnknownExecutorNamesThoseThatExist() {
        application
                .withBean("reportPool", Executor.class, () -> Runnable::run)
                .withPropertyValues("coro4j.executor=pool")
                .run(refusesPool("There is no Executor bean of that name. There are: reportPool."));
    }

    @Test
    void anUnknownExecutorWhereThereIsNone() {
        application
                .withPropertyValues("coro4j.executor=pool")
                .run(
                        refusesPool(
                                "There is no Executor bean of that name. The application has none: declare one, or leave the property out."));
    }

    private static ContextConsumer<AssertableApplicationContext> refusesPool(String reason) {
        return app ->
                assertEquals(
                        reason, assertRefused(app.getStartupFailure(), "coro4j.executor", "pool"));
    }

    @Test
    void aBeanThatIsNoExecutorIsRefused() {
        application
                .withBean("pool", String.class, () -> "a text")
                .withPropertyValues("coro4j.executor=pool")
                .run(app -> assertRefused(app.getStartupFailure(), "coro4j.executor", "pool"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"coro4j.shutdown.limit", "coro4j.shutdown.drain"})
    void aNegativeTimeIsRefused(String property) {
        application
                .withPropertyValues(property + "=-1s")
                .run(
                        app -> {
                            String reason =
                                    assertRefused(app.getStartupFailure(), property, "PT-1S");
                            assertEquals(
                                    "It must not be negative. Set zero or a positive time.",
                                    reason);
                        });
    }

    private static String messageOfUnfinished(WebApplicationType type) throws Exception {
        try (Server server = Server.start(type, List.of(Unfinished.class));
                Client client = server.client()) {
            String message = client.get("/unfinished").readBody();
            assertEquals(List.of(), server.reports().taken(), "bodies that have begun");
            server.assertNothingLeft();
            return message;
        }
    }

    private static String assertRefused(Throwable failure, String property, String value) {
        InvalidConfigurationPropertyValueException refused =
                assertInstanceOf(
                        InvalidConfigurationPropertyValueException.class,
                        NestedExceptionUtils.getMostSpecificCause(failure));
        assertEquals(property, refused.getName());
        assertEquals(value, String.valueOf(refused.getValue()));
        assertTrue(refused.getMessage().contains(property), refused.getMessage());
        return refused.getReason();
    }
}
