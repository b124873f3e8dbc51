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
    /** Times spread: what is asked to be level may take so many times as long. */
    private static final double LEVEL = 1.1;

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

    /** Whether bodies are on platform threads where no executor is given, and not on virtual ones. */
    private static final boolean BEFORE_24 = Runtime.version().feature() < 24;

    private final Map<String, Workload> workloads;
    private final Properties measured;
    private final List<String> rows = new ArrayList<>();

    Bars(Map<String, Workload> workloads, Properties measured) {
        this.workloads = workloads;
        this.measured = measured;
        gathers();
        elements();
        awaits();
        suspendCalls();
        bytes("EmptyScope", "coro4j", 1, 300);
        bodies();
        for (String order : List.of("coro4j", "coro4jOldest", "coro4jNewest")) {
            removal(order);
        }
        rounds();
        threads();
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

    private void gathers() {
        double ofKotlinx = BEFORE_24 ? 0.25 : 0.5;
        for (int n : new int[] {100, 10_000}) {
            for (String ours : List.of("coro4jGather", "coro4jTasks")) {
                time("Gather", ours, n, ofKotlinx, "kotlinxDefault");
                time("GatherKotlin", ours, n, ofKotlinx, "kotlinxDefault");
                time("Gather", ours, n, 1, "guava");
            }
            time("Gather", "coro4jGather", n, LEVEL, "completableFuture");
            time("Gather", "coro4jTasks", n, 2.1, "completableFuture");
        }
        // Of 100 each has a larger share of what is made once for the group.
        bytes("Gather", "coro4jGather", 100, 140);
        bytes("Gather", "coro4jTasks", 100, 140);
        bytes("Gather", "coro4jGather", 10_000, 84);
        bytes("Gather", "coro4jTasks", 10_000, 120);
    }

    private void elements() {
        time("Task", "coro4j", 1_000, 2.2, "completableFuture");
        bytes("Task", "coro4j", 1_000, 104);
        time("Promise", "coro4j", 1_000, 1, "completableFuture", "guava", "vertx");
        bytes("Promise", "coro4j", 1_000, 90);
        time("Callback", "coro4j", 1_000, 2, "completableFuture");
        time("Callback", "coro4j", 1_000, 0.5, "completableFutureOnPool");
        // 32 and a share of the future.
        bytes("Callback", "coro4j", 1_000, 33);
    }

    private void awaits() {
        nanos("AwaitDone", "coro4j", 1_000, 3);
        for (String await : List.of("AwaitRunBlocking", "AwaitDefault", "AwaitPool")) {
            time(await, "coro4j", 1_000, 1.3, "completableFuture");
        }
    }

    private void suspendCalls() {
        for (String call : List.of("SuspendCall", "SuspendCallSuspending")) {
            time(call, "coro4j", 1_000, 1.2, "kotlinxFuture");
        }
    }

    /** Bodies that do something. */
    private void bodies() {
        for (String work : List.of("Work", "Work10")) {
            time(work, "coro4jGather", 1_000, LEVEL, "completableFuture");
            time(work, "coro4jTasks", 1_000, 1.03, "completableFuture");
        }
        for (String ours : List.of("coro4jGather", "coro4jTasks")) {
            if (BEFORE_24) {
                time("Block", ours, 10_000, 1.3, "cachedThreadPool");
            } else {
                time("Block", ours, 10_000, LEVEL, "virtualThreads");
            }
        }
    }

    /** Our time over that of the fastest of the rivals. */
    private void time(String workload, String ours, int n, double atMost, String... rivals) {
        Cost our = cost(workload, ours, n);
        List<Cost> theirs =
                Stream.of(rivals)
                        .flatMap(rival -> Stream.ofNullable(cost(workload, rival, n)))
                        .toList();
        if (our == null || theirs.size() < rivals.length) {
            return;
        }
        double best = theirs.stream().mapToDouble(Cost::nanos).min().orElseThrow();
        ratio(
                String.format(
                        "%s %s n=%d: time over %s", workload, ours, n, String.join(", ", rivals)),
                our.nanos(),
                best,
                atMost);
    }

    private void ratio(String bar, double our, double best, double atMost) {
        row(
                bar,
                String.format(Locale.ROOT, "at most %.2f", atMost),
                String.format(Locale.ROOT, "%.2f (ours %,.1f ns; %,.1f ns)", our / best, our, best),
                our / best <= atMost);
    }

    private void nanos(String workload, String ours, int n, double atMost) {
        Cost our = cost(workload, ours, n);
        if (our != null) {
            amount(workload, ours, n, "nanoseconds", our.nanos(), atMost);
        }
    }

    /** Rounded to whole bytes, so that a small share of what is made once for the group does not count. */
    private void bytes(String workload, String ours, int n, double atMost) {
        Cost our = cost(workload, ours, n);
        if (our != null) {
            amount(workload, ours, n, "bytes", Math.rint(our.bytes()), atMost);
        }
    }

    private void amount(
            String workload, String ours, int n, String unit, double found, double atMost) {
        row(
                String.format("%s %s n=%d: %s of each", workload, ours, n, unit),
                String.format(Locale.ROOT, "at most %.0f", atMost),
                String.format(Locale.ROOT, "%.1f", found),
                found <= atMost);
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

    /** The bars that {@link Rounds} has measured, on a machine that does other work too. */
    private void rounds() {
        round("Gather", "coro4jGather", 10_000, "tenth", LEVEL, "completableFuture");
        round("Gather", "coro4jTasks", 10_000, "tenth", 2.1, "completableFuture");
        round("Gather", "coro4jTasks", 10_000, "cpu", 2.2, "completableFuture");
        round("Task", "coro4j", 1_000, "tenth", 2.2, "completableFuture");
        round("Promise", "coro4j", 1_000, "tenth", 1, "completableFuture", "guava", "vertx");
        round("Callback", "coro4j", 1_000, "tenth", 2, "completableFuture");
        round("Callback", "coro4j", 1_000, "tenth", 0.5, "completableFutureOnPool");
        for (String work : List.of("Work", "Work10")) {
            round(work, "coro4jGather", 1_000, "tenth", LEVEL, "completableFuture");
            round(work, "coro4jTasks", 1_000, "tenth", 1.03, "completableFuture");
        }
    }

    private void round(
            String workload, String ours, int n, String meter, double atMost, String... rivals) {
        Double our = measuredIn(workload, ours, n, meter);
        if (our == null) {
            return;
        }
        double best = Double.POSITIVE_INFINITY;
        for (String rival : rivals) {
            best = Math.min(best, measuredIn(workload, rival, n, meter));
        }
        String name = meter.equals("cpu") ? "process CPU" : "fastest tenth of the rounds";
        ratio(
                String.format(
                        "%s %s n=%d: %s over %s",
                        workload, ours, n, name, String.join(", ", rivals)),
                our,
                best,
                atMost);
    }

    private Double measuredIn(String workload, String contestant, int n, String meter) {
        String key = new Rounds.Entrant(workload, contestant, n).key() + "." + meter;
        String found = measured.getProperty(key);
        return found == null ? null : Double.valueOf(found);
    }

    private void threads() {
        if (!BEFORE_24 || !measured.containsKey("threads.gather")) {
            return;
        }
        int ours = Integer.parseInt(measured.getProperty("threads.gather"));
        int rival = Integer.parseInt(measured.getProperty("threads.cachedThreadPool"));
        row(
                "10,000 bodies that block: threads at once",
                "fewer than a cached pool",
                String.format(Locale.ROOT, "%,d (%,d)", ours, rival),
                ours < rival);
        int limited = Integer.parseInt(measured.getProperty("threads.limited"));
        row(
                "concurrency(1), bodies that wait for futures: threads at once",
                "fewer than 64",
                Integer.toString(limited),
                limited < 64);
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
        // They run with Scale, and leave nothing if their heap is too small.
        if (measured.stringPropertyNames().stream().noneMatch(key -> key.startsWith("scale."))) {
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
