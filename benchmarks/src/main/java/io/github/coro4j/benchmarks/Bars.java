package io.github.coro4j.benchmarks;

import io.github.coro4j.benchmarks.Workload.Cost;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/** What the project asks of itself, beside what was measured; bars whose benchmarks did not run are left out. */
final class Bars {
    /** Times spread: what is asked to be level may be slower by so much. */
    private static final double LEVEL = 0.9;

    /**
     * From 100 registered to 100,000 a search would grow a thousand times; caches alone make it up to ten, as the rival's row
     * shows.
     */
    private static final double FLAT = 10;

    /**
     * From 10,000 children to 1,000,000 a quadratic cost grows a hundred times for each child; caches alone make it up to
     * twenty, as the rivals' rows show.
     */
    private static final double LINEAR = 20;

    private static final double SLEEPERS_MEGABYTES = 400;

    private final Map<String, Workload> workloads;
    private final Properties measured;
    private final List<String> rows = new ArrayList<>();

    Bars(Map<String, Workload> workloads, Properties measured) {
        this.workloads = workloads;
        this.measured = measured;
        gathers("Gather", "coro4jGather");
        gathers("Gather", "coro4jTasks");
        gathers("GatherKotlin", "coro4jGather");
        gathers("GatherKotlin", "coro4jTasks");
        bytes("Task", "coro4j", 1_000, 120);
        for (int n : new int[] {100, 10_000}) {
            bytes("Gather", "coro4jTasks", n, 140);
            bytes("Gather", "coro4jGather", n, 140);
        }
        fastest("Promise", "coro4j", 1_000, 1, List.of("completableFuture", "guava", "vertx"));
        bytes("Promise", "coro4j", 1_000, 105);
        fastest("Callback", "coro4j", 1_000, 1, List.of("completableFuture"));
        fastest("Callback", "coro4j", 1_000, 1, List.of("completableFutureOnPool"));
        bytes("Callback", "coro4j", 1_000, 40);
        for (String order : List.of("coro4j", "coro4jOldest", "coro4jNewest")) {
            removal(order);
        }
        scale();
        sleepers();
    }

    String toTable() {
        if (rows.isEmpty()) {
            return "";
        }
        return "## Bars\n\n| bar | asked | measured | |\n| --- | --- | --- | --- |\n"
                + String.join("\n", rows)
                + "\n";
    }

    private void gathers(String workload, String ours) {
        double overKotlinx = Runtime.version().feature() < 24 ? 4 : 2;
        for (int n : new int[] {100, 10_000}) {
            fastest(workload, ours, n, overKotlinx, List.of("kotlinxDefault"));
            fastest(workload, ours, n, 1, List.of("guava"));
            fastest(workload, ours, n, LEVEL, List.of("completableFuture"));
        }
    }

    /** Our throughput over that of the fastest of the rivals. */
    private void fastest(String workload, String ours, int n, double atLeast, List<String> rivals) {
        Cost our = cost(workload, ours, n);
        List<Cost> theirs =
                rivals.stream()
                        .flatMap(rival -> Stream.ofNullable(cost(workload, rival, n)))
                        .toList();
        if (our == null || theirs.size() < rivals.size()) {
            return;
        }
        double best = theirs.stream().mapToDouble(Cost::nanos).min().orElseThrow();
        double ratio = best / our.nanos();
        row(
                String.format(
                        "%s %s n=%d: throughput over %s",
                        workload, ours, n, String.join(", ", rivals)),
                String.format(Locale.ROOT, "at least %.1f", atLeast),
                String.format(
                        Locale.ROOT, "%.2f (%,.0f ns; ours %,.0f ns)", ratio, best, our.nanos()),
                ratio >= atLeast);
    }

    private void bytes(String workload, String ours, int n, double atMost) {
        Cost our = cost(workload, ours, n);
        if (our != null) {
            row(
                    String.format("%s %s n=%d: bytes of each", workload, ours, n),
                    String.format(Locale.ROOT, "at most %.0f", atMost),
                    String.format(Locale.ROOT, "%.1f", our.bytes()),
                    our.bytes() <= atMost);
        }
    }

    private void removal(String ours) {
        Cost few = cost("CallbackRemoval", ours, 100);
        Cost many = cost("CallbackRemoval", ours, 100_000);
        if (few == null || many == null) {
            return;
        }
        growth(
                "CallbackRemoval " + ours + ": time with 100,000 registered over that with 100",
                many.nanos() / few.nanos(),
                FLAT);
    }

    private void scale() {
        for (String key : measured.stringPropertyNames().stream().sorted().toList()) {
            if (key.startsWith("scale.coro4j: ")) {
                growth(
                        key.substring("scale.coro4j: ".length())
                                + ": time of each of 1,000,000 over that of 10,000",
                        Double.parseDouble(measured.getProperty(key)),
                        LINEAR);
            }
        }
    }

    private void growth(String bar, double growth, double atMost) {
        row(
                bar,
                String.format(Locale.ROOT, "at most %.0f", atMost),
                Double.isInfinite(growth) ? "stopped" : String.format(Locale.ROOT, "%.1f", growth),
                growth <= atMost);
    }

    private void sleepers() {
        if (measured.isEmpty()) {
            return;
        }
        String megabytes = measured.getProperty("sleepers.megabytes");
        row(
                "1,000,000 sleepers: MB retained",
                String.format(Locale.ROOT, "less than %.0f", SLEEPERS_MEGABYTES),
                megabytes == null ? "out of memory" : megabytes,
                megabytes != null && Double.parseDouble(megabytes) < SLEEPERS_MEGABYTES);
        String closed = measured.getProperty("sleepers.closedMillis");
        row(
                "1,000,000 sleepers: cancelled by the end of the scope in that heap",
                "yes",
                closed == null ? "out of memory" : "in " + closed + " ms",
                closed != null);
    }

    private void row(String bar, String asked, String found, boolean met) {
        rows.add(
                "| "
                        + bar
                        + " | "
                        + asked
                        + " | "
                        + found
                        + " | "
                        + (met ? "met" : "not met")
                        + " |");
    }

    private Cost cost(String workload, String contestant, int size) {
        Workload all = workloads.get(workload);
        return all == null ? null : all.cost(contestant, size);
    }
}
