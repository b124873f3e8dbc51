package io.github.coro4j.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * Calls each benchmark twice, with each of its sizes, and compares what it returns with what it must: a rival that is held
 * wrongly would otherwise look fast.
 */
public final class Check {
    private Check() {}

    public static void main(String[] arguments) throws Exception {
        int checked = 0;
        int wrong = 0;
        for (Class<?> contest : contests()) {
            for (Method method : benchmarks(contest)) {
                for (String size : sizes(contest)) {
                    checked++;
                    String problem = problem(contest, method, size);
                    if (problem != null) {
                        wrong++;
                        System.out.println(
                                contest.getSimpleName()
                                        + "."
                                        + method.getName()
                                        + "("
                                        + size
                                        + ") "
                                        + problem);
                    }
                }
            }
        }
        System.out.println(checked + " benchmarks checked, " + wrong + " wrong");
        // Threads of the rivals' own timers are not all daemons.
        System.exit(wrong == 0 ? 0 : 1);
    }

    /** The name of what this JVM, or this jar, cannot run. */
    static List<String> missing() {
        List<String> names = new ArrayList<>();
        if (Runtime.version().feature() < 21) {
            names.add("GatherVirtualBenchmark");
            names.add("virtualThreads");
        }
        if (Runtime.version().feature() >= 24) {
            names.add("cachedThreadPool");
        }
        if (!Structured.isHere()) {
            names.add("structuredTaskScope");
        }
        return names;
    }

    private static String problem(Class<?> type, Method method, String size) throws Exception {
        Contest contest = (Contest) type.getDeclaredConstructor().newInstance();
        sizeField(type).setInt(contest, Integer.parseInt(size));
        contest.open();
        try {
            for (int call = 1; call <= 2; call++) {
                Object result = method.invoke(contest);
                if (!Objects.equals(contest.expected(), result)) {
                    return "returned " + result + " from call " + call;
                }
            }
            return null;
        } catch (ReflectiveOperationException e) {
            return "threw " + e.getCause();
        } finally {
            contest.close();
        }
    }

    private static List<Method> benchmarks(Class<?> contest) {
        List<String> missing = missing();
        // With those of a benchmark that this one only has a variant of.
        return Stream.of(contest.getMethods())
                .filter(method -> method.isAnnotationPresent(Benchmark.class))
                .filter(method -> !missing.contains(method.getName()))
                .sorted(Comparator.comparing(Method::getName))
                .toList();
    }

    private static String[] sizes(Class<?> contest) {
        return sizeField(contest).getAnnotation(Param.class).value();
    }

    static Field sizeField(Class<?> contest) {
        return Stream.<Class<?>>iterate(contest, Objects::nonNull, Class::getSuperclass)
                .flatMap(type -> Stream.of(type.getDeclaredFields()))
                .filter(field -> field.isAnnotationPresent(Param.class))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(contest + " has no size"));
    }

    /** From JMH's own list, so that none is forgotten. */
    private static List<Class<?>> contests() throws ClassNotFoundException {
        TreeSet<String> names = new TreeSet<>();
        try (InputStream list = Check.class.getResourceAsStream("/META-INF/BenchmarkList")) {
            String text = new String(list.readAllBytes(), StandardCharsets.UTF_8);
            for (String word : text.split("\\s+")) {
                if (word.startsWith(Check.class.getPackageName() + ".")
                        && word.endsWith("Benchmark")) {
                    names.add(word);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Class<?>> contests = new ArrayList<>();
        for (String name : names) {
            Class<?> contest = Class.forName(name);
            if (!Modifier.isAbstract(contest.getModifiers())
                    && !missing().contains(contest.getSimpleName())) {
                contests.add(contest);
            }
        }
        return contests;
    }
}
