package io.github.coro4j.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * Measures the contestants that the bars compare on a machine that does other work too. Each contestant runs in a JVM of its
 * own, in turns with the others, and calls its benchmark again and again. Of each turn it takes two numbers for each element:
 * the mean time of the fastest tenth of the rounds, which other programs have disturbed least, and the CPU time of the whole
 * process. The table has the median of the turns.
 */
public final class Rounds {
    private static final int TURNS = 5;
    private static final long WARM_UP_NANOS = 1_500_000_000L;
    private static final long MEASURED_NANOS = 1_500_000_000L;

    /** One contestant of one workload. */
    record Entrant(String workload, String contestant, int size) {
        String key() {
            return "rounds." + workload + "." + contestant + "." + size;
        }
    }

    private record Round(double tenth, double cpu) {
        static Round of(Properties measured, Entrant entrant) {
            return new Round(
                    Double.parseDouble(measured.getProperty(entrant.key() + ".tenth")),
                    Double.parseDouble(measured.getProperty(entrant.key() + ".cpu")));
        }

        void putInto(Properties measured, Entrant entrant) {
            measured.setProperty(entrant.key() + ".tenth", Double.toString(tenth));
            measured.setProperty(entrant.key() + ".cpu", Double.toString(cpu));
        }
    }

    private static final List<Entrant> ENTRANTS = new ArrayList<>();

    static {
        enter("Gather", 10_000, "coro4jGather", "coro4jTasks", "completableFuture");
        enter("Task", 1_000, "coro4j", "completableFuture");
        enter("Promise", 1_000, "coro4j", "completableFuture", "guava", "vertx");
        enter("Callback", 1_000, "coro4j", "completableFuture", "completableFutureOnPool");
        enter("Work", 1_000, "coro4jGather", "coro4jTasks", "completableFuture");
        enter("Work10", 1_000, "coro4jGather", "coro4jTasks", "completableFuture");
    }

    private Rounds() {}

    private static void enter(String workload, int size, String... contestants) {
        for (String contestant : contestants) {
            ENTRANTS.add(new Entrant(workload, contestant, size));
        }
    }

    /** With the names of workloads, measures only those. */
    public static void main(String[] arguments) throws Throwable {
        if (arguments.length == 4 && arguments[0].equals("--one")) {
            int size = Integer.parseInt(arguments[3]);
            Entrant entrant = new Entrant(arguments[1], arguments[2], size);
            Properties found = new Properties();
            measure(entrant).putInto(found, entrant);
            Program.leave(found);
            // Threads of the rivals' own timers are not all daemons.
            System.exit(0);
        }
        List<String> names = List.of(arguments);
        List<Entrant> entrants =
                ENTRANTS.stream()
                        .filter(each -> names.isEmpty() || names.contains(each.workload))
                        .toList();
        Map<Entrant, List<Round>> turns = new LinkedHashMap<>();
        for (int turn = 0; turn < TURNS; turn++) {
            for (Entrant entrant : entrants) {
                turns.computeIfAbsent(entrant, key -> new ArrayList<>()).add(inItsOwnJvm(entrant));
            }
        }
        Properties measured = new Properties();
        System.out.println("JDK " + Runtime.version() + "\n");
        System.out.println(
                "| rounds | n | fastest tenth | process CPU |\n| --- | --- | --- | --- |");
        turns.forEach(
                (entrant, rounds) -> {
                    double tenth = median(rounds.stream().mapToDouble(Round::tenth).toArray());
                    double cpu = median(rounds.stream().mapToDouble(Round::cpu).toArray());
                    System.out.printf(
                            Locale.ROOT,
                            "| %s %s | %d | %,.1f ns | %,.1f ns |%n",
                            entrant.workload,
                            entrant.contestant,
                            entrant.size,
                            tenth,
                            cpu);
                    new Round(tenth, cpu).putInto(measured, entrant);
                });
        System.out.println();
        Program.leave(measured);
    }

    private static Round inItsOwnJvm(Entrant entrant) throws IOException, InterruptedException {
        String size = Integer.toString(entrant.size);
        Properties found =
                Program.ROUNDS.runAndRead("--one", entrant.workload, entrant.contestant, size);
        if (found.isEmpty()) {
            throw new IllegalStateException(entrant + " left no result");
        }
        return Round.of(found, entrant);
    }

    private static Round measure(Entrant entrant) throws Throwable {
        String type = Rounds.class.getPackageName() + "." + entrant.workload + "Benchmark";
        Contest contest = (Contest) Class.forName(type).getDeclaredConstructor().newInstance();
        Check.sizeField(contest.getClass()).setInt(contest, entrant.size);
        contest.open();
        Method method = contest.getClass().getMethod(entrant.contestant);
        MethodHandle call = MethodHandles.lookup().unreflect(method).bindTo(contest);
        call = call.asType(call.type().changeReturnType(Object.class));
        List<Long> times = new ArrayList<>();
        Object last = null;
        for (long start = System.nanoTime(); System.nanoTime() - start < WARM_UP_NANOS; ) {
            last = (Object) call.invokeExact();
        }
        OperatingSystemMXBean system =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpuBefore = system.getProcessCpuTime();
        long begun = System.nanoTime();
        for (long now = begun; now - begun < MEASURED_NANOS; ) {
            last = (Object) call.invokeExact();
            long after = System.nanoTime();
            times.add(after - now);
            now = after;
        }
        long cpu = system.getProcessCpuTime() - cpuBefore;
        if (!contest.expected().equals(last)) {
            throw new IllegalStateException(entrant + " returned " + last);
        }
        double fastest =
                times.stream()
                        .mapToLong(Long::longValue)
                        .sorted()
                        .limit(Math.max(1, times.size() / 10))
                        .average()
                        .orElseThrow();
        return new Round(
                fastest / entrant.size, (double) cpu / ((long) times.size() * entrant.size));
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
