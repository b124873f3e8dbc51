package io.github.coro4j.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.TaskScope;
import java.util.concurrent.CountDownLatch;
import javax.management.InstanceNotFoundException;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a JMX client sees of a scope. */
@Timeout(60)
class JmxScopesTest {
    private final MBeanServer server = MBeanServerFactory.newMBeanServer();

    @Test
    void aClientSeesTheScope() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (TaskScope scope = TaskScope.open("shop");
                JmxScopes.Registration bean = JmxScopes.register(scope, server)) {
            assertEquals("io.github.coro4j:type=Scope,name=\"shop\"", bean.objectName().toString());
            scope.launch("load", gate::await);
            ObjectName name = bean.objectName();
            assertEquals("shop", server.getAttribute(name, "Name"));
            assertEquals(true, server.getAttribute(name, "Open"));
            assertEquals(1, server.getAttribute(name, "TaskCount"));
            String dump = (String) server.invoke(name, "dump", new Object[0], new String[0]);
            assertTrue(dump.startsWith("scope \"shop\" (open, age "), dump);
            assertTrue(dump.contains("task \"load\" (pending, "), dump);
            String json = (String) server.invoke(name, "dumpJson", new Object[0], new String[0]);
            assertTrue(json.startsWith("{\"kind\":\"scope\",\"name\":\"shop\","), json);
            server.invoke(name, "logDump", new Object[0], new String[0]);
            assertEquals(3, server.getMBeanInfo(name).getAttributes().length);
            gate.countDown();
        }
    }

    @Test
    void scopesOfOneNameHaveBeansOfTheirOwn() throws Exception {
        String rude = "a=\"b\",*?\n";
        TaskScope one = TaskScope.open(rude);
        TaskScope two = TaskScope.open(rude);
        JmxScopes.Registration first = JmxScopes.register(one, server);
        JmxScopes.Registration second = JmxScopes.register(two, server);
        assertEquals(rude, ObjectName.unquote(first.objectName().getKeyProperty("name")));
        assertEquals("2", second.objectName().getKeyProperty("id"));
        two.close();
        assertEquals(true, server.getAttribute(first.objectName(), "Open"));
        assertEquals(false, server.getAttribute(second.objectName(), "Open"));

        first.close();
        assertFalse(server.isRegistered(first.objectName()));
        assertTrue(server.isRegistered(second.objectName()), "only its own");
        JmxScopes.Registration third = JmxScopes.register(one, server);
        assertEquals(first.objectName(), third.objectName());
        first.close();
        assertTrue(server.isRegistered(third.objectName()), "closing again does nothing");
        server.unregisterMBean(third.objectName());
        third.close();
        second.close();
        assertThrows(
                InstanceNotFoundException.class,
                () -> server.getAttribute(second.objectName(), "Open"));
        one.close();
    }

    @Test
    void aBeanShowsThatItsScopeIsClosedAndDoesNotKeepIt() throws Exception {
        ObjectName name = registerAndForget();
        ScopeMXBean bean = JMX.newMXBeanProxy(server, name, ScopeMXBean.class);
        assertFalse(bean.isOpen());
        while (!bean.dumpJson().equals("{}")) {
            System.gc();
        }
        assertEquals("gone", bean.getName());
        assertFalse(bean.isOpen());
        assertEquals(0, bean.getTaskCount());
        assertEquals("scope \"gone\" (no code holds it any more)\n", bean.dump());
        bean.logDump();
    }

    private ObjectName registerAndForget() {
        TaskScope scope = TaskScope.open("gone");
        ObjectName name = JmxScopes.register(scope, server).objectName();
        scope.close();
        ScopeMXBean bean = JMX.newMXBeanProxy(server, name, ScopeMXBean.class);
        assertTrue(bean.dump().startsWith("scope \"gone\" (closed, age "), bean.dump());
        return name;
    }

    @Test
    void badInputIsNamed() {
        assertThrows(NullPointerException.class, () -> JmxScopes.register(null));
        try (TaskScope scope = TaskScope.open("shop")) {
            String message =
                    assertThrows(NullPointerException.class, () -> JmxScopes.register(scope, null))
                            .getMessage();
            assertTrue(message.contains("server") && message.contains("shop"), message);
        }
    }
}
