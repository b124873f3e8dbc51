package io.github.coro4j.spring;

import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;

/**
 * Gives the property {@code coro4j.debug} to the engine, which reads it as a system property before its first use. If the
 * system property is already set, it wins.
 */
final class DebugMode implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {
    private static final String PROPERTY = "coro4j.debug";

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        Boolean debug = event.getEnvironment().getProperty(PROPERTY, Boolean.class);
        if (debug != null && System.getProperty(PROPERTY) == null) {
            System.setProperty(PROPERTY, debug.toString());
        }
    }
}
