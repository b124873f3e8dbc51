package io.github.coro4j.spring;

import io.github.coro4j.TaskScope;
import io.github.coro4j.WaitInterruptedException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Closes the scopes of requests, and all scopes that are beans, when the application stops: after the web server has
 * finished its requests, and before the beans are destroyed that the work uses, such as a data source.
 */
final class ScopeShutdown implements SmartLifecycle, DisposableBean {
    /** Spring stops higher phases first. The web server has the default phase minus 1024 and minus 2048. */
    static final int PHASE = DEFAULT_PHASE - 4096;

    private final Log log = LogFactory.getLog("io.github.coro4j");
    private final OpenScopes scopes;
    private final ConfigurableApplicationContext context;
    private final Duration drain;
    private final Duration limit;
    private final AtomicBoolean hasClosed = new AtomicBoolean();
    private volatile boolean isRunning;

    ScopeShutdown(
            OpenScopes scopes,
            ConfigurableApplicationContext context,
            Duration drain,
            Duration limit) {
        this.scopes = scopes;
        this.context = context;
        this.drain = drain;
        this.limit = limit;
    }

    @Override
    public void start() {
        isRunning = true;
    }

    /** Closes the scopes, unless the context only pauses and will be started again. */
    @Override
    public void stop() {
        isRunning = false;
        if (context.isClosed()) {
            closeAll();
        }
    }

    /** Closes the scopes of a context that was never started. */
    @Override
    public void destroy() {
        closeAll();
    }

    private void closeAll() {
        if (!hasClosed.compareAndSet(false, true)) {
            return;
        }
        scopes.closeForGood();
        List<TaskScope> open = openScopes();
        long drained = System.nanoTime() + drain.toNanos();
        open.forEach(scope -> drain(scope, drained));
        open.forEach(this::cancel);
        long until = System.nanoTime() + limit.toNanos();
        open.forEach(scope -> close(scope, until));
    }

    private List<TaskScope> openScopes() {
        Set<TaskScope> open = new LinkedHashSet<>(scopes.all());
        ConfigurableListableBeanFactory beans = context.getBeanFactory();
        for (String name : beans.getBeanNamesForType(TaskScope.class, false, false)) {
            // A bean that was never used must not be made now.
            if (beans.containsSingleton(name)
                    && beans.getSingleton(name) instanceof TaskScope scope
                    && scope.isOpen()
                    && scope != TaskScope.global()) {
                open.add(scope);
            }
        }
        return List.copyOf(open);
    }

    private void drain(TaskScope scope, long until) {
        try {
            scope.join(restUntil(until));
        } catch (WaitInterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            // A task of this scope stops the application, so this thread cannot wait for it.
            log.info("The application is stopped by its own work: " + e.getMessage());
        }
    }

    private void cancel(TaskScope scope) {
        if (!scope.tasks().isEmpty()) {
            log.info("The application stops, and cancels this work:\n" + scope.dump().strip());
        }
        scopes.close(scope, OpenScopes.STOP);
    }

    private void close(TaskScope scope, long until) {
        boolean isClosed;
        try {
            isClosed = scope.close(restUntil(until));
        } catch (IllegalStateException e) {
            return; // as in drain: the scope was cancelled, and closes when this work has ended
        }
        if (!isClosed) {
            log.warn(
                    "The application stops, although this work has not ended "
                            + limit.toMillis()
                            + " ms after its cancel (coro4j.shutdown.limit):\n"
                            + scope.dump().strip());
        }
    }

    private static Duration restUntil(long nanos) {
        return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }

    @Override
    public boolean isRunning() {
        return isRunning;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    /**
     * Overrides a method that Spring Framework 7 has added. A test that pauses its context does not stop this object.
     *
     * @return false
     */
    public boolean isPauseable() {
        return false;
    }
}
