package io.github.coro4j.spring;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code coro4j.*}.
 *
 * @param name Name of the scope, for messages, dumps and meters. The default is spring.application.name, or
 *     "application".
 * @param deadline Time after which the scope of the application cancels its work, for batch jobs. There is none by
 *     default.
 * @param executor Name of the Executor bean that runs the bodies. The default is the pool of Coro4j.
 * @param debug Whether each task remembers where it was started. The default is off, or on with assertions.
 * @param shutdown What happens to running work when the application stops.
 * @param request The scope of a request.
 * @param web Requests whose controllers return futures.
 * @param async Methods with the annotation Async.
 */
@ConfigurationProperties("coro4j")
public record Coro4jProperties(
        @Nullable String name,
        @Nullable Duration deadline,
        @Nullable String executor,
        @Nullable Boolean debug,
        @DefaultValue Shutdown shutdown,
        @DefaultValue Request request,
        @DefaultValue Web web,
        @DefaultValue Async async) {

    /**
     * What happens to running work when the application stops.
     *
     * @param drain How long the work may run on before it is cancelled.
     * @param limit How long the application then waits for the cancelled work. The default is
     *     spring.lifecycle.timeout-per-shutdown-phase.
     */
    public record Shutdown(@DefaultValue("0s") Duration drain, @Nullable Duration limit) {}

    /**
     * The scope of a request.
     *
     * @param deadline Time after which the scope of a request cancels its work. There is none by default.
     */
    public record Request(@Nullable Duration deadline) {}

    /**
     * Requests whose controllers return futures.
     *
     * @param hangUpInterval Time between two checks whether an HTTP/1.1 client of Tomcat has closed its connection. Zero
     *     turns the checks off.
     * @param requestTimeout Time after which WebFlux answers a request with status 503 and cancels its work. There is
     *     none by default. For MVC, set spring.mvc.async.request-timeout.
     */
    public record Web(
            @DefaultValue("1s") Duration hangUpInterval, @Nullable Duration requestTimeout) {}

    /**
     * Methods with the annotation Async.
     *
     * @param enabled Whether the scope of the application also runs methods with the annotation Async that name no
     *     executor. Those that name the executor "coro4j" run there in any case.
     */
    public record Async(@DefaultValue("false") boolean enabled) {}
}
