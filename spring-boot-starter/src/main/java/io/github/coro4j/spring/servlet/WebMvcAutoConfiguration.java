package io.github.coro4j.spring.servlet;

import io.github.coro4j.ContextPropagator;
import io.github.coro4j.TaskScope;
import io.github.coro4j.spring.Coro4jAutoConfiguration;
import io.github.coro4j.spring.Coro4jProperties;
import io.github.coro4j.spring.OpenScopes;
import io.github.coro4j.spring.PropertyChecks;
import io.github.coro4j.spring.web.RequestScopes;
import io.github.coro4j.spring.web.RequestTaskScope;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Configures Spring MVC for controllers that return futures, and makes the scopes of requests. */
@AutoConfiguration(after = Coro4jAutoConfiguration.class)
@ConditionalOnClass({WebMvcConfigurer.class, HttpServletRequest.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
public class WebMvcAutoConfiguration {
    /** Creates the configuration. Spring calls this. */
    WebMvcAutoConfiguration() {}

    @Bean
    ContextPropagator coro4jRequestAttributes() {
        return new RequestAttributesPropagator();
    }

    @Bean
    RequestTaskScope requestTaskScope() {
        return new CurrentRequest();
    }

    @Bean
    WebMvcConfigurer coro4jWebMvc(
            OpenScopes scopes,
            ObjectProvider<TaskScope.Builder> builders,
            Coro4jProperties properties) {
        Duration interval =
                PropertyChecks.notNegative(
                        "coro4j.web.hang-up-interval", properties.web().hangUpInterval());
        RequestScopes requests = new RequestScopes(scopes, builders, properties);
        return new WebMvcConfigurer() {
            @Override
            public void addReturnValueHandlers(List<HandlerMethodReturnValueHandler> handlers) {
                handlers.add(new FutureReturnValueHandler(interval));
            }

            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new CurrentRequest());
            }

            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                // Before the interceptors of the application, which may use the scope of the
                // request.
                registry.addInterceptor(new RequestLife(requests))
                        .order(Ordered.HIGHEST_PRECEDENCE);
            }
        };
    }
}
