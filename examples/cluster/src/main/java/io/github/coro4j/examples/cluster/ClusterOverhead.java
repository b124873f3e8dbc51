package io.github.coro4j.examples.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.IExecutorService;
import io.github.coro4j.Future;
import io.github.coro4j.TaskScope;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * What does Coro4j add to a call of another member? This program sends small bodies to the members of a cluster, 64 at
 * once, with Hazelcast alone and with Coro4j in turns, and prints medians.
 *
 * <pre>{@code
 * cluster-overhead [HOST:PORT]
 * }</pre>
 *
 * <p>Without an argument the three members are in this JVM. With the address of a {@link ClusterMember}, this process is
 * one more member, and the bytes are those of this process alone.
 */
public final class ClusterOverhead {
    private static final int BODIES = 1_000;
    private static final int AT_ONCE = Integer.getInteger("at.once", 64);
    private static final int WARM_UP = 10;
    private static final int ROUNDS = 21;

    private final Cluster cluster;
    private final List<Integer> items = IntStream.range(0, BODIES).boxed().toList();

    private ClusterOverhead(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Runs the program.
     *
     * @param args the address of a member, or none
     * @throws Exception if a body fails
     */
    public static void main(String... args) throws Exception {
        if (args.length == 0) {
            try (LocalMembers members = LocalMembers.start("coro4j-overhead", 3)) {
                new ClusterOverhead(members.last()).run();
            }
            return;
        }
        try (Cluster member = Cluster.join(ClusterDigest.CLUSTER, List.of(args[0]))) {
            new ClusterOverhead(member.requireMembers(2)).run();
        }
    }

    /** One way to run all bodies. */
    private interface Way {
        long sum() throws Exception;
    }

    private void run() throws Exception {
        Map<String, Way> ways = new LinkedHashMap<>();
        ways.put("alone, with get", this::plain);
        ways.put("alone, with callbacks", this::callbacks);
        ways.put("gatherAsync", this::gathered);
        ways.put("gatherAsync, Failsafe", this::retried);
        Map<String, List<Cost>> costs = new LinkedHashMap<>();
        for (int round = 0; round < WARM_UP + ROUNDS; round++) {
            for (Map.Entry<String, Way> way : ways.entrySet()) {
                Cost cost = measure(way.getValue());
                if (round >= WARM_UP) {
                    costs.computeIfAbsent(way.getKey(), key -> new ArrayList<>()).add(cost);
                }
            }
        }
        costs.forEach(ClusterOverhead::print);
    }

    private static Cost measure(Way way) throws Exception {
        long bytes = allocated();
        long cpu = processCpu();
        long start = System.nanoTime();
        long sum = way.sum();
        long nanos = System.nanoTime() - start;
        cpu = processCpu() - cpu;
        bytes = allocated() - bytes;
        if (sum != (long) BODIES * (BODIES - 1) / 2) {
            throw new IllegalStateException("a body was lost or counted twice: " + sum);
        }
        return new Cost(nanos / 1_000 / BODIES, cpu / 1_000 / BODIES, bytes / BODIES);
    }

    private long plain() throws ExecutionException, InterruptedException {
        List<Member> members = members();
        IExecutorService executor = executor();
        Queue<java.util.concurrent.Future<Integer>> window = new ArrayDeque<>();
        long sum = 0;
        for (int item : items) {
            if (window.size() == AT_ONCE) {
                sum += window.remove().get();
            }
            window.add(
                    executor.submitToMember(new Nothing(item), members.get(item % members.size())));
        }
        for (java.util.concurrent.Future<Integer> each : window) {
            sum += each.get();
        }
        return sum;
    }

    /** Starts the next body at each answer, as a gather does. */
    private long callbacks() throws InterruptedException {
        List<Member> members = members();
        IExecutorService executor = executor();
        LongAdder sum = new LongAdder();
        CountDownLatch left = new CountDownLatch(BODIES);
        Semaphore permits = new Semaphore(AT_ONCE);
        for (int item : items) {
            permits.acquire();
            Member member = members.get(item % members.size());
            // Hazelcast's future is one, although the type does not say so.
            CompletionStage<?> answer =
                    (CompletionStage<?>) executor.submitToMember(new Nothing(item), member);
            answer.whenComplete(
                    (value, failure) -> {
                        sum.add(value instanceof Integer number ? number : 0);
                        permits.release();
                        left.countDown();
                    });
        }
        left.await();
        return sum.sum();
    }

    private List<Member> members() {
        return List.copyOf(cluster.hazelcast().getCluster().getMembers());
    }

    private IExecutorService executor() {
        return cluster.hazelcast().getExecutorService(Cluster.EXECUTOR);
    }

    private long gathered() {
        return gather((scope, item) -> cluster.submit(new Nothing(item), item));
    }

    private long retried() {
        return gather((scope, item) -> cluster.submitUntilAnswered(scope, new Nothing(item), item));
    }

    private interface Start {
        Future<Integer> start(TaskScope scope, int item);
    }

    private long gather(Start start) {
        try (TaskScope scope = TaskScope.open("overhead")) {
            return scope
                    .gatherAsync(items, item -> start.start(scope, item))
                    .concurrency(AT_ONCE)
                    .all()
                    .join()
                    .stream()
                    .mapToLong(Integer::longValue)
                    .sum();
        }
    }

    private static void print(String way, List<Cost> costs) {
        System.out.printf(
                "%-24s %5d us, %5d us of CPU time, %6d bytes a child%n",
                way,
                median(costs, Cost::micros),
                median(costs, Cost::cpuMicros),
                median(costs, Cost::bytes));
    }

    private static long median(List<Cost> costs, ToLongFunction<Cost> part) {
        return costs.stream().mapToLong(part).sorted().skip(ROUNDS / 2).findFirst().orElseThrow();
    }

    private static long processCpu() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /** What the threads that live now have allocated. */
    private static long allocated() {
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }

    /** A body that does nothing. */
    private record Nothing(int item) implements Callable<Integer>, Serializable {
        @Override
        public Integer call() {
            return item;
        }
    }

    private record Cost(long micros, long cpuMicros, long bytes) {}
}
