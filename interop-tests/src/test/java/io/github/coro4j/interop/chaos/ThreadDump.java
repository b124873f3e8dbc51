package io.github.coro4j.interop.chaos;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The stacks of all threads. */
final class ThreadDump {
    private ThreadDump() {}

    /** Returns the stacks of all threads, and those of virtual threads if the JDK has them. */
    static String threads() {
        String all = virtualThreadsToo();
        return all != null ? all : platformThreads();
    }

    private static String platformThreads() {
        StringBuilder text = new StringBuilder();
        Thread.getAllStackTraces()
                .forEach(
                        (thread, stack) -> {
                            String all = Arrays.toString(stack);
                            if (!all.contains("coro4j") || all.contains("awaitWork")) {
                                return; // an idle thread, or a thread outside the round
                            }
                            text.append(thread).append(' ').append(thread.getState()).append('\n');
                            for (StackTraceElement each : stack) {
                                text.append("    at ").append(each).append('\n');
                            }
                        });
        return text.toString();
    }

    /**
     * Uses reflection, because {@code HotSpotDiagnosticMXBean.dumpThreads} came with JDK 21, and no older method lists virtual
     * threads. Returns null if the method is missing.
     */
    private static String virtualThreadsToo() {
        try {
            Class<?> type = Class.forName("com.sun.management.HotSpotDiagnosticMXBean");
            Class<?> format =
                    Class.forName("com.sun.management.HotSpotDiagnosticMXBean$ThreadDumpFormat");
            Method dump = type.getMethod("dumpThreads", String.class, format);
            Path folder = Files.createTempDirectory("chaos");
            Path file = folder.resolve("threads");
            Object bean =
                    ManagementFactory.getPlatformMXBean(
                            type.asSubclass(java.lang.management.PlatformManagedObject.class));
            dump.invoke(bean, file.toString(), format.getField("TEXT_PLAIN").get(null));
            String text = Files.readString(file);
            Files.delete(file);
            Files.delete(folder);
            return text;
        } catch (ReflectiveOperationException | IOException | RuntimeException e) {
            return null;
        }
    }
}
