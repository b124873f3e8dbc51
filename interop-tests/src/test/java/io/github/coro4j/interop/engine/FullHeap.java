package io.github.coro4j.interop.engine;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A program whose bodies fill the heap, one after another, until none is left. It prints how the others ended. */
final class FullHeap {
    private static final int ROUNDS = 10;
    private static final int MODEST = 16;

    private FullHeap() {}

    public static void main(String[] arguments) throws Exception {
        AtomicInteger reports = new AtomicInteger();
        try (TaskScope scope =
                TaskScope.builder()
                        .name("full")
                        .failureListener(report -> reports.incrementAndGet())
                        .open()) {
            int failed = 0;
            for (int round = 0; round < ROUNDS; round++) {
                List<Future<?>> all = new ArrayList<>();
                Promise<Integer> promise = Promise.create();
                all.add(promise.map(value -> value + 1));
                for (int i = 0; i < MODEST; i++) {
                    all.add(scope.start("modest", () -> 1));
                }
                promise.complete(1);
                all.add(scope.start("greedy", FullHeap::fill));
                all.get(all.size() - 1).joinOutcome();
                all.add(scope.gather(List.of(1, 2, 3), item -> fill()).concurrency(1).settled());
                for (Future<?> each : all) {
                    Outcome<?> end = each.joinOutcome();
                    if (end instanceof Outcome.Failure<?> failure) {
                        failed++;
                        if (!(failure.exception() instanceof OutOfMemoryError)) {
                            System.out.println("failed with " + failure.exception());
                        }
                    }
                }
            }
            System.out.println("all ended; some failed: " + (failed > 0));
            Task<Integer> later = scope.start("later", () -> 2);
            AtomicInteger called = new AtomicInteger();
            later.addDoneCallback(done -> called.incrementAndGet());
            System.out.println("later: " + later.join());
            scope.join();
            System.out.println("callbacks: " + called);
        }
        System.out.println("closed");
    }

    private static Object fill() {
        List<byte[]> kept = new ArrayList<>();
        while (true) {
            kept.add(new byte[64 * 1024]);
        }
    }
}
