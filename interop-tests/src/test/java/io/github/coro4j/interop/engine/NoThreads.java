package io.github.coro4j.interop.engine;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A program whose JVM can make no threads for a while. It prints how the work that it started meanwhile ended. */
final class NoThreads {
    private NoThreads() {}

    public static void main(String[] arguments) throws Exception {
        TaskScope scope = TaskScope.open("scope");
        Promise<Integer> promise = Promise.create();
        CountDownLatch called = new CountDownLatch(2);
        CountDownLatch release = new CountDownLatch(1);
        List<Thread> taken = takeAllThreads(release);

        Task<Integer> task = scope.start("body", () -> 1);
        task.addDoneCallback(done -> called.countDown());
        Future<List<Outcome<Integer>>> group =
                scope.gather(List.of(1, 2), item -> item).concurrency(1).settled();
        Future<Integer> mapped = promise.map(value -> value + 1);
        promise.addDoneCallback(done -> called.countDown());
        promise.complete(1);
        System.out.println("body: " + (task.isDone() ? task.exception() : "pending"));
        System.out.println("group: " + (group.isDone() ? group.join().size() : "pending"));
        System.out.println("mapped: " + (mapped.isDone() ? mapped.exception() : "pending"));

        release.countDown();
        for (Thread each : taken) {
            each.join();
        }
        System.out.println("later: " + scope.start("later", () -> 2).join());
        called.await();
        System.out.println("both callbacks have run");
        System.out.println("a wait ends: " + (mapped.joinOutcome() != null));
        scope.close();
        TaskScope.global().join();
        System.out.println("closed");
    }

    private static List<Thread> takeAllThreads(CountDownLatch release) {
        List<Thread> taken = new ArrayList<>();
        try {
            while (true) {
                Thread thread =
                        new Thread(
                                () -> {
                                    try {
                                        release.await();
                                    } catch (InterruptedException e) {
                                        throw new AssertionError(e);
                                    }
                                });
                thread.setDaemon(true);
                thread.start();
                taken.add(thread);
            }
        } catch (OutOfMemoryError e) {
            return taken;
        }
    }
}
