package io.github.coro4j.observe;

import io.github.coro4j.TaskScope;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanRegistrationException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.jspecify.annotations.Nullable;

/**
 * Registers scopes as JMX beans, each as a {@link ScopeMXBean}.
 *
 * <pre>{@code
 * try (TaskScope scope = TaskScope.open("shop");
 *     JmxScopes.Registration bean = JmxScopes.register(scope)) {
 *   scope.launch("load", () -> load());
 * }
 * }</pre>
 *
 * <p>The name is {@code io.github.coro4j:type=Scope,name="shop"}. If that name is taken, {@code id=2}, {@code id=3} and
 * so on are added. The caller that registers a scope unregisters it by closing the registration. If the caller forgets
 * this, the bean stays and shows that its scope is closed, but it does not keep the scope in memory.
 *
 * <p>Any thread may call any method. No method starts a thread.
 */
public final class JmxScopes {
    private JmxScopes() {}

    /**
     * Registers a scope with the platform's bean server.
     *
     * @param scope the scope, for example {@link TaskScope#global()}
     * @return the registration, which the caller must close
     * @throws IllegalStateException if the server refuses the bean; nothing was registered
     */
    public static Registration register(TaskScope scope) {
        return register(scope, ManagementFactory.getPlatformMBeanServer());
    }

    /**
     * Registers a scope.
     *
     * @param scope the scope, for example {@link TaskScope#global()}
     * @param server where to register it
     * @return the registration, which the caller must close
     * @throws IllegalStateException if the server refuses the bean; nothing was registered
     */
    public static Registration register(TaskScope scope, MBeanServer server) {
        if (scope == null) {
            throw new NullPointerException("scope must not be null: nothing was registered");
        }
        if (server == null) {
            throw new NullPointerException(
                    "server must not be null: scope \""
                            + scope.name()
                            + "\" was not registered; leave it out for the platform's");
        }
        try {
            StandardMBean bean = new StandardMBean(new Bean(scope), ScopeMXBean.class, true);
            for (int id = 1; ; id++) {
                ObjectName name = nameOf(scope, id);
                try {
                    server.registerMBean(bean, name);
                    return new Registration(server, name);
                } catch (InstanceAlreadyExistsException e) {
                    // Another scope has this name. Try the next number.
                }
            }
        } catch (JMException e) {
            throw new IllegalStateException(
                    "scope \"" + scope.name() + "\" could not be registered with " + server, e);
        }
    }

    private static ObjectName nameOf(TaskScope scope, int id) throws JMException {
        String quoted = ObjectName.quote(scope.name());
        return new ObjectName(
                "io.github.coro4j:type=Scope,name=" + quoted + (id == 1 ? "" : ",id=" + id));
    }

    /** The registration of a scope. */
    public static final class Registration implements AutoCloseable {
        private final MBeanServer server;
        private final ObjectName name;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Registration(MBeanServer server, ObjectName name) {
            this.server = server;
            this.name = name;
        }

        /** {@return the name of the bean} */
        public ObjectName objectName() {
            return name;
        }

        /** Unregisters the bean, unless it is already unregistered. Further calls do nothing. */
        @Override
        public void close() {
            if (!closed.compareAndSet(false, true)) {
                return;
            }
            try {
                server.unregisterMBean(name);
            } catch (InstanceNotFoundException e) {
                // Other code has unregistered it by its name, which any JMX client may do.
            } catch (MBeanRegistrationException e) {
                throw new IllegalStateException(name + " could not be unregistered", e);
            }
        }
    }

    private static final class Bean implements ScopeMXBean {
        private final String name;
        private final WeakReference<TaskScope> scope;

        Bean(TaskScope scope) {
            this.name = scope.name();
            this.scope = new WeakReference<>(scope);
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isOpen() {
            TaskScope held = scope.get();
            return held != null && held.isOpen();
        }

        @Override
        public int getTaskCount() {
            TaskScope held = scope.get();
            return held == null ? 0 : held.tasks().size();
        }

        @Override
        public String dump() {
            return dumpOf(scope.get());
        }

        private String dumpOf(@Nullable TaskScope held) {
            return held == null
                    ? "scope \"" + name + "\" (no code holds it any more)\n"
                    : held.dump();
        }

        @Override
        public String dumpJson() {
            TaskScope held = scope.get();
            return held == null ? "{}" : held.dumpJson();
        }

        @Override
        public void logDump() {
            TaskScope held = scope.get();
            if (held != null) {
                held.logDump();
            }
        }
    }
}
