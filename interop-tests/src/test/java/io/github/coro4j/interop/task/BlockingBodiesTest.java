package io.github.coro4j.interop.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** On the default executor any number of bodies may block and wait, at any depth. */
@Rule(25)
class BlockingBodiesTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    void bodiesMayWaitForBodiesTwoThousandDeep() {
        try (TaskScope scope = leaks.open("deep")) {
            assertEquals(2_000, depth(2_000, scope));
        }
    }

    private static int depth(int levels, TaskScope scope) {
        if (levels == 0) {
            return 0;
        }
        return scope.start(() -> depth(levels - 1, scope)).join() + 1;
    }

    // The library cannot see this blocking. The pool must still grow, and more than once.
    @Test
    void thousandBodies_mayBlockUntilALaterBodyFreesThem() throws InterruptedException {
        for (int round = 0; round < 4; round++) {
            CountDownLatch latch = new CountDownLatch(1);
            CountDownLatch blocked = new CountDownLatch(1_000);
            try (TaskScope scope = leaks.open("blocked")) {
                for (int i = 0; i < 1_000; i++) {
                    scope.launch(
                            () -> {
                                blocked.countDown();
                                latch.await();
                            });
                }
                scope.launch(
                                "frees them",
                                () -> {
                                    blocked.await();
                                    latch.countDown();
                                })
                        .join();
                scope.join();
            }
        }
    }

    // The body that frees the others starts once all of them are queued or blocked.
    @Test
    void bodiesMayBlockOnWorkThatIsStartedWhenAllAreBlocked() {
        CountDownLatch latch = new CountDownLatch(1);
        try (TaskScope scope = leaks.open("blocked")) {
            List<Task<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                tasks.add(scope.launch(latch::await));
            }
            Task.launch("from another scope", latch::countDown);
            for (Task<Void> task : tasks) {
                task.join();
            }
        }
    }

    // A thread that blocks in a read looks busy to the JDK. The pool must treat it as blocked.
    @Test
    void bodiesMayBlockInReads() throws IOException {
        int count = 200;
        try (TaskScope scope = leaks.open("reads");
                ServerSocket server =
                        new ServerSocket(0, count, InetAddress.getLoopbackAddress())) {
            List<Task<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                readers.add(
                        scope.start(
                                () -> {
                                    try (Socket socket =
                                            new Socket(
                                                    server.getInetAddress(),
                                                    server.getLocalPort())) {
                                        return socket.getInputStream().read();
                                    }
                                }));
            }
            scope.launch(
                    "answering",
                    () -> {
                        for (int i = 0; i < count; i++) {
                            try (Socket socket = server.accept()) {
                                socket.getOutputStream().write(7);
                            }
                        }
                    });
            for (Task<Integer> reader : readers) {
                assertEquals(7, reader.join());
            }
        }
    }

    @Test
    void bodiesMayBlockAtAMonitor() {
        Object monitor = new Object();
        int[] entered = new int[1];
        try (TaskScope scope = leaks.open("monitor")) {
            List<Task<Void>> tasks = new ArrayList<>();
            synchronized (monitor) {
                for (int i = 0; i < 200; i++) {
                    tasks.add(
                            scope.launch(
                                    () -> {
                                        synchronized (monitor) {
                                            entered[0]++;
                                        }
                                    }));
                }
                assertEquals("ran", scope.start(() -> "ran").join());
            }
            tasks.forEach(Future::join);
        }
        assertEquals(200, entered[0]);
    }

    @Test
    void fiveHundredTasksMayEachWaitForTheNext() {
        int count = 500;
        Gate gate = new Gate();
        List<Task<Integer>> tasks = new ArrayList<>();
        try (TaskScope scope = leaks.open("row")) {
            for (int i = 0; i < count; i++) {
                int place = i;
                tasks.add(
                        scope.start(
                                () -> {
                                    gate.pass();
                                    return place == count - 1 ? 1 : tasks.get(place + 1).join() + 1;
                                }));
            }
            gate.open();
            assertEquals(count, tasks.get(0).join());
        }
    }

    @Test
    void aThousandSiblingsMayBeGatheredInsideATaskInsideATask() {
        try (TaskScope scope = leaks.open("wide")) {
            Task<Integer> outer =
                    scope.start(
                            "outer",
                            () -> {
                                Task<Integer> inner =
                                        Task.start(
                                                "inner",
                                                () -> {
                                                    List<Task<Integer>> siblings =
                                                            new ArrayList<>();
                                                    for (int i = 0; i < 1_000; i++) {
                                                        int value = i;
                                                        siblings.add(Task.start(() -> value));
                                                    }
                                                    return sum(Gather.of(siblings).all().join());
                                                });
                                return inner.join();
                            });
            assertEquals(499_500, outer.join());
        }
    }

    @Test
    void everyLevelMayGatherAndWait() {
        try (TaskScope scope = leaks.open("tree")) {
            assertEquals(1 << 10, leaves(10, scope));
        }
    }

    private static int leaves(int levels, TaskScope scope) {
        if (levels == 0) {
            return 1;
        }
        return sum(scope.gather(List.of(1, 2), side -> leaves(levels - 1, scope)).all().join());
    }

    // The body waits for its children in each way that the API has.
    @Test
    void everyWayToWaitMayBeUsedInABody() {
        try (TaskScope scope = leaks.open("ways")) {
            Task<List<Integer>> all =
                    scope.start(
                            () ->
                                    List.of(
                                            Task.start(() -> 1).join(),
                                            Task.start(() -> 2).get(),
                                            Task.start(() -> 3).join(Duration.ofDays(1)),
                                            Task.start(() -> 4).joinOutcome().valueOrThrow(),
                                            Task.start(() -> 5).map(i -> i).join(),
                                            Task.start(() -> 6).shield().join(),
                                            Task.start(() -> 7)
                                                    .orTimeout(Duration.ofDays(1))
                                                    .join(),
                                            Task.start(() -> 8)
                                                    .flatMap(i -> Task.start(() -> i))
                                                    .join(),
                                            Task.start(() -> 9).toCompletableFuture().join()));
            assertEquals(IntStream.rangeClosed(1, 9).boxed().toList(), all.join());
        }
    }

    // The JDK completes these futures, so no thread of the scope can help with them.
    @Test
    void bodiesMayWaitForWorkOfOtherPools() {
        try (TaskScope scope = leaks.open("elsewhere")) {
            List<Task<Integer>> tasks = new ArrayList<>();
            Promise<Integer> promise = Promise.create();
            for (int i = 0; i < 200; i++) {
                int value = i;
                tasks.add(
                        scope.start(
                                () ->
                                        Future.from(
                                                        CompletableFuture.supplyAsync(
                                                                () -> promise.join() + value))
                                                .join()));
            }
            scope.start(() -> promise.complete(0));
            assertEquals(19_900, sum(Gather.of(tasks).all().join()));
        }
    }

    // Long waits of some tasks do not delay the short work of others.
    @Test
    void shortWork_getsAThreadWhileManyBodiesBlock() {
        Gate never = new Gate();
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("busy")) {
            for (int i = 0; i < 500; i++) {
                scope.launch(never::pass);
            }
            never.awaitReached();
            for (int i = 0; i < 50; i++) {
                assertEquals(i, scope.start("short", sameAs(i)).join());
            }
            scope.start(() -> "value").addDoneCallback(f -> trail.add("callback ran"));
            trail.await("callback ran");
            assertTrue(scope.tasks().size() >= 500);
        }
    }

    private static Callable<Integer> sameAs(int value) {
        return () -> value;
    }

    private static int sum(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).sum();
    }
}
