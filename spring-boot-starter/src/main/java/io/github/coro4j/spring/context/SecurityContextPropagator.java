package io.github.coro4j.spring.context;

import io.github.coro4j.ContextPropagator;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Gives a body a new security context with the authentication of the thread that has started it. So a body that changes
 * its authentication changes no other thread.
 */
final class SecurityContextPropagator implements ContextPropagator {
    @Override
    public @Nullable Object capture() {
        return SecurityContextHolder.getContext().getAuthentication();
    }

    @Override
    public Installed install(@Nullable Object captured) {
        SecurityContext before = SecurityContextHolder.getContext();
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication((Authentication) captured);
        SecurityContextHolder.setContext(context);
        return () -> {
            if (before.getAuthentication() == null) {
                SecurityContextHolder.clearContext();
            } else {
                SecurityContextHolder.setContext(before);
            }
        };
    }
}
