package io.github.coro4j.benchmarks;

import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/** What one element cost each contestant of one workload, in each of its sizes. */
final class Workload {
    private static final Comparator<String> OURS_FIRST =
            Comparator.comparing((String name) -> !name.startsWith("coro4j"))
                    .thenComparing(Comparator.naturalOrder());

    private final String name;

    /** What the sizes are called: {@code n}, by which costs were divided, or another. */
    private final String sizeName;

    private final Map<String, Map<Integer, Cost>> contestants = new TreeMap<>(OURS_FIRST);
    private final TreeSet<Integer> sizes = new TreeSet<>();

    record Cost(double nanos, double bytes) {}

    private Workload(String name, String sizeName) {
        this.name = name;
        this.sizeName = sizeName;
    }

    /** Notes a result with its workload in {@code all}. */
    static void note(RunResult result, Map<String, Workload> all) {
        BenchmarkParams params = result.getParams();
        String[] path = params.getBenchmark().split("\\.");
        String name = path[path.length - 2].replaceFirst("Benchmark$", "");
        String sizeName = params.getParamsKeys().iterator().next();
        int size = Integer.parseInt(params.getParam(sizeName));
        int elements = sizeName.equals("n") ? size : 1;
        Workload workload = all.computeIfAbsent(name, key -> new Workload(key, sizeName));
        workload.sizes.add(size);
        workload.contestants
                .computeIfAbsent(path[path.length - 1], key -> new TreeMap<>())
                .put(
                        size,
                        new Cost(
                                median(result.getPrimaryResult()) / elements,
                                median(result.getSecondaryResults().get("gc.alloc.rate.norm"))
                                        / elements));
    }

    /** Null if it was not measured. */
    Cost cost(String contestant, int size) {
        return contestants.getOrDefault(contestant, Map.of()).get(size);
    }

    String toTable() {
        StringBuilder text = new StringBuilder("| " + name + " |");
        sizes.forEach(size -> text.append(" " + sizeName + "=" + size + " |"));
        sizes.forEach(size -> text.append(" B, " + sizeName + "=" + size + " |"));
        text.append("\n| --- |").append(" --- |".repeat(2 * sizes.size())).append('\n');
        contestants.forEach(
                (contestant, costs) -> {
                    text.append("| ").append(contestant).append(" |");
                    sizes.forEach(size -> text.append(time(costs.get(size), ours(size))));
                    sizes.forEach(size -> text.append(bytes(costs.get(size))));
                    text.append('\n');
                });
        return text.toString();
    }

    /** The first row is the one that the others are compared with. */
    private Cost ours(int size) {
        return contestants.values().iterator().next().get(size);
    }

    private static String time(Cost cost, Cost ours) {
        if (cost == null) {
            return " - |";
        }
        String nanos = String.format(Locale.ROOT, "%,.0f ns", cost.nanos);
        return ours == null
                ? " " + nanos + " |"
                : String.format(Locale.ROOT, " %.2f (%s) |", cost.nanos / ours.nanos, nanos);
    }

    private static String bytes(Cost cost) {
        return cost == null ? " - |" : String.format(Locale.ROOT, " %,.0f |", cost.bytes);
    }

    private static double median(Result<?> result) {
        return result.getStatistics().getPercentile(50);
    }
}
