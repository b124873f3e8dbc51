package io.github.coro4j.spring.actuate;

import io.github.coro4j.spring.Coro4jAutoConfiguration;
import io.github.coro4j.spring.OpenScopes;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** The actuator endpoint {@code coro4j}. An application exposes it as any endpoint of Spring Boot. */
@AutoConfiguration(after = Coro4jAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(endpoint = Coro4jEndpoint.class)
public class ActuatorAutoConfiguration {
    /** Creates the configuration. Spring calls this. */
    ActuatorAutoConfiguration() {}

    @Bean
    Coro4jEndpoint coro4jEndpoint(OpenScopes scopes, ListableBeanFactory beans) {
        return new Coro4jEndpoint(scopes, beans);
    }
}
