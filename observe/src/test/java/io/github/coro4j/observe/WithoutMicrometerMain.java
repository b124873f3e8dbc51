package io.github.coro4j.observe;

import io.github.coro4j.TaskScope;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import javax.management.JMX;

/** Run by {@link WithoutMicrometerTest} in a process of its own. */
final class WithoutMicrometerMain {
    private WithoutMicrometerMain() {}

    public static void main(String[] arguments) {
        System.out.print(hasMicrometer() ? "Micrometer, " : "no Micrometer, ");
        CountDownLatch gate = new CountDownLatch(1);
        TaskScope scope = TaskScope.open("shop");
        try (JmxScopes.Registration registration = JmxScopes.register(scope)) {
            scope.launch("load", gate::await);
            ScopeMXBean bean =
                    JMX.newMXBeanProxy(
                            ManagementFactory.getPlatformMBeanServer(),
                            registration.objectName(),
                            ScopeMXBean.class);
            System.out.print(bean.getTaskCount() + " task, ");
            scope.close();
            System.out.println("then " + bean.isOpen());
        }
    }

    private static boolean hasMicrometer() {
        try {
            Class.forName("io.micrometer.core.instrument.MeterRegistry");
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
