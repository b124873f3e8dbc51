package io.github.coro4j.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs the benchmarks and prints what one body costs in each: the median of the time, and the bytes. Takes the arguments
 * that JMH takes.
 */
public final class Table {
    private Table() {}

    public static void main(String[] arguments) throws RunnerException, CommandLineOptionException {
        CommandLineOptions given = new CommandLineOptions(arguments);
        OptionsBuilder options = new OptionsBuilder();
        options.parent(given).addProfiler(GCProfiler.class);
        boolean virtual = Runtime.version().feature() >= 21;
        if (!given.getParameter("pool").hasValue() && virtual) {
            options.param("pool", Pool.FORK_JOIN.name(), Pool.VIRTUAL.name());
        }
        Collection<RunResult> results = new Runner(options.build()).run();
        System.out.println();
        System.out.println("JDK " + Runtime.version());
        System.out.println();
        print("Gather", results, true);
        print("Task", results, false);
    }

    private static void print(String subject, Collection<RunResult> results, boolean perSize) {
        Map<String, List<String>> rows = new TreeMap<>();
        List<String> columns = new ArrayList<>();
        for (RunResult result : results) {
            String benchmark = result.getParams().getBenchmark();
            if (!benchmark.contains("." + subject + "Benchmark.")) {
                continue;
            }
            String pool = result.getParams().getParam("pool");
            int n = perSize ? Integer.parseInt(result.getParams().getParam("n")) : 1;
            String column = perSize ? pool + " n=" + n : pool;
            if (!columns.contains(column)) {
                columns.add(column);
            }
            String name = benchmark.substring(benchmark.lastIndexOf('.') + 1);
            rows.computeIfAbsent(name, key -> new ArrayList<>())
                    .add(
                            String.format(
                                    Locale.ROOT,
                                    "%,.0f ns, %,.0f B",
                                    median(result.getPrimaryResult()) / n,
                                    median(result.getSecondaryResults().get("gc.alloc.rate.norm"))
                                            / n));
        }
        if (rows.isEmpty()) {
            return;
        }
        System.out.println("| " + subject + " | " + String.join(" | ", columns) + " |");
        System.out.println("| --- |" + " --- |".repeat(columns.size()));
        rows.forEach((name, cells) -> System.out.println(row(name, cells)));
        System.out.println();
    }

    private static String row(String name, List<String> cells) {
        return "| " + name + " | " + String.join(" | ", cells) + " |";
    }

    private static double median(Result<?> result) {
        return result.getStatistics().getPercentile(50);
    }
}
