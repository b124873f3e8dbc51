package io.github.coro4j.interop.engine;

import java.lang.ref.Reference;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Runs work of every kind. Ends with 0 if nothing of the library is left in the thread-locals of the caller and of the
 * user's executor, and if no thread of the library is left after a while.
 */
final class Leftovers {
    private static final long SECONDS = 30;

    private Leftovers() {}

    public static void main(String[] arguments) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Thread> users = new ArrayList<>();
        users.add(Thread.currentThread());
        for (int thread = 0; thread < 2; thread++) {
            users.add(threads.submit(Thread::currentThread).get());
        }
        new WorkOfEveryKind(threads).run();
        threads.submit(new WorkOfEveryKind(threads)).get();
        boolean isClean = true;
        for (Thread thread : users) {
            for (Object left : threadLocals(thread)) {
                System.out.println(thread + " holds " + left);
                isClean &= !isOurs(left);
            }
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!ours().isEmpty() && System.nanoTime() < end) {
            System.gc();
            Thread.sleep(100);
        }
        System.out.println("left: " + ours());
        System.exit(isClean && ours().isEmpty() ? 0 : 1);
    }

    private static List<Thread> ours() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("coro4j"))
                .toList();
    }

    /** Returns whether the value is the library's. To read a thread-local that was never set leaves null. */
    private static boolean isOurs(Object value) {
        return value == null || value.getClass().getName().startsWith("io.github.coro4j");
    }

    /** Reads the thread-locals by reflection in an opened package, because the JDK has no method for it. */
    private static List<Object> threadLocals(Thread thread) throws Exception {
        List<Object> values = new ArrayList<>();
        Object map = get(Thread.class, "threadLocals", thread);
        if (map == null) {
            return values;
        }
        Object table = get(map.getClass(), "table", map);
        for (int index = 0; index < Array.getLength(table); index++) {
            Object entry = Array.get(table, index);
            if (entry != null && ((Reference<?>) entry).get() != null) {
                values.add(get(entry.getClass(), "value", entry));
            }
        }
        return values;
    }

    private static Object get(Class<?> type, String name, Object of) throws Exception {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(of);
    }
}
