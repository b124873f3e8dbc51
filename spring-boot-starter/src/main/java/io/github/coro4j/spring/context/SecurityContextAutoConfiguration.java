package io.github.coro4j.spring.context;

import io.github.coro4j.ContextPropagator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.security.core.context.SecurityContextHolder;

/** Gives bodies the security context of the thread that has started them. */
@AutoConfiguration
@ConditionalOnClass(SecurityContextHolder.class)
public class SecurityContextAutoConfiguration {
    /** Creates the configuration. Spring calls this. */
    SecurityContextAutoConfiguration() {}

    @Bean
    ContextPropagator coro4jSecurityContext() {
        return new SecurityContextPropagator();
    }
}
