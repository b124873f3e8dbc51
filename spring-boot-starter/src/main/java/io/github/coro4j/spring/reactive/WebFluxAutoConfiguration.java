package io.github.coro4j.spring.reactive;

import io.github.coro4j.BlockingGuard;
import io.github.coro4j.TaskScope;
import io.github.coro4j.spring.Coro4jAutoConfiguration;
import io.github.coro4j.spring.Coro4jProperties;
import io.github.coro4j.spring.OpenScopes;
import io.github.coro4j.spring.web.RequestScopes;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.annotation.ArgumentResolverConfigurer;
import org.springframework.web.server.WebFilter;

/** Configures Spring WebFlux for controllers that return futures, and makes the scopes of requests. */
@AutoConfiguration(after = Coro4jAutoConfiguration.class)
@ConditionalOnClass(WebFluxConfigurer.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
public class WebFluxAutoConfiguration {
    /** Creates the configuration. Spring calls this. */
    WebFluxAutoConfiguration() {}

    @Bean
    static BeanPostProcessor coro4jReactiveTypes() {
        return new FutureAdapters();
    }

    @Bean
    @ConditionalOnMissingBean
    BlockingGuard coro4jEventLoopGuard() {
        return new EventLoopGuard();
    }

    @Bean
    WebFilter coro4jRequestFilter(
            OpenScopes scopes,
            ObjectProvider<TaskScope.Builder> builders,
            Coro4jProperties properties) {
        return new RequestFilter(
                new RequestScopes(scopes, builders, properties), properties.web().requestTimeout());
    }

    @Bean
    WebFluxConfigurer coro4jWebFlux() {
        return new WebFluxConfigurer() {
            @Override
            public void configureArgumentResolvers(ArgumentResolverConfigurer configurer) {
                configurer.addCustomResolver(new TaskScopeArgument());
            }
        };
    }
}
