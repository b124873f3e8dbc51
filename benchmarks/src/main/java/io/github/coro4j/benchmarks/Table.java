package io.github.coro4j.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Checks the benchmarks, runs them, and prints what one element costs in each: the median of the time, and the bytes; then
 * the {@link Bars}. Takes the arguments that JMH takes, and some of its own: see {@code README.md}. If the arguments name benchmarks,
 * it leaves out {@link Retained} and {@link Scale}.
 */
public final class Table {
    private Table() {}

    public static void main(String[] arguments)
            throws RunnerException, CommandLineOptionException, IOException, InterruptedException {
        List<String> remaining = new ArrayList<>(List.of(arguments));
        if (remaining.contains("--retained")) {
            System.exit(Program.RETAINED.run());
        }
        if (remaining.contains("--scale")) {
            System.exit(Program.SCALE.run());
        }
        if (remaining.contains("--threads")) {
            System.exit(Program.THREADS.run());
        }
        if (remaining.contains("--async")) {
            System.exit(Program.ASYNC.run());
        }
        if (remaining.remove("--rounds")) {
            Properties measured = Program.ROUNDS.runAndRead(remaining.toArray(new String[0]));
            if (remaining.isEmpty()) {
                measured.putAll(Program.THREADS.runAndRead());
            }
            System.out.println(new Bars(Map.of(), measured).toTable());
            return;
        }
        boolean onlyCheck = remaining.remove("--check");
        boolean isLong = remaining.remove("--long");
        CommandLineOptions given = new CommandLineOptions(remaining.toArray(new String[0]));
        if (given.shouldHelp()) {
            given.showHelp();
            return;
        }
        if (given.shouldList() || given.shouldListWithParams()) {
            new Runner(given).list();
            return;
        }
        if (Program.CHECK.run() != 0) {
            System.exit(1);
        }
        if (onlyCheck) {
            return;
        }
        OptionsBuilder options = new OptionsBuilder();
        options.parent(given).addProfiler(GCProfiler.class);
        Check.missing().forEach(name -> options.exclude("\\b" + name + "\\b"));
        if (isLong) {
            options.forks(3).warmupIterations(5).measurementIterations(5);
            options.warmupTime(TimeValue.seconds(1)).measurementTime(TimeValue.seconds(1));
        }
        Collection<RunResult> results = new Runner(options.build()).run();
        System.out.println();
        System.out.println("JDK " + Runtime.version());
        System.out.println();
        Map<String, Workload> workloads = new TreeMap<>();
        for (RunResult result : results) {
            Workload.note(result, workloads);
        }
        workloads.values().forEach(workload -> System.out.println(workload.toTable()));
        Properties measured = new Properties();
        if (given.getIncludes().isEmpty()) {
            Program.RETAINED.run();
            measured = Program.SCALE.runAndRead();
            measured.putAll(Program.ROUNDS.runAndRead());
            measured.putAll(Program.THREADS.runAndRead());
        }
        System.out.println(new Bars(workloads, measured).toTable());
    }
}
