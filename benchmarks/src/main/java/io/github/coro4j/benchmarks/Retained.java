package io.github.coro4j.benchmarks;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.SettableFuture;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.benchmarks.kotlin.Kotlinx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import kotlinx.coroutines.CompletableDeferred;
import kotlinx.coroutines.CompletableDeferredKt;
import kotlinx.coroutines.Job;
import org.openjdk.jol.info.GraphLayout;

/**
 * Prints the bytes that each pending and each done task or promise keeps alive: with what the pool holds of it while it is
 * queued, and without the places in the pool's queue and in the caller's list.
 *
 * <p>It is the difference between two groups whose sizes differ by {@link #STEP}, divided by that: what they share, such as
 * the scope, the engine and classes, falls out, and need not be listed.
 */
public final class Retained {
    private static final int BASE = 1_000;
    private static final int STEP = 10_000;
    private static final int LOOKS = 5;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Integer VALUE = 42;
    private static final Callable<Integer> BODY = () -> VALUE;
    private static final Supplier<Integer> SUPPLIER = () -> VALUE;

    private Retained() {}

    /** So many of one kind, and what it takes to end them. As an executor it queues. */
    private static final class Group implements Executor {
        final int size;
        final List<Object> roots = new ArrayList<>();
        private final List<Runnable> queue = new ArrayList<>();
        private final List<Runnable> ends = new ArrayList<>();

        Group(int size) {
            this.size = size;
        }

        @Override
        public void execute(Runnable command) {
            queue.add(command);
        }

        /** With such as the executor runs. */
        void fill(Supplier<?> child) {
            for (int i = 0; i < size; i++) {
                roots.add(child.get());
            }
        }

        /** With such as the caller ends. */
        <T> List<T> fill(Supplier<T> child, Consumer<? super T> end) {
            List<T> children = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                T each = child.get();
                children.add(each);
                ends.add(() -> end.accept(each));
            }
            roots.addAll(children);
            return children;
        }

        void end() {
            queue.forEach(Runnable::run);
            queue.clear();
            ends.forEach(Runnable::run);
        }

        long bytes() {
            List<Object> all = new ArrayList<>(roots);
            all.addAll(queue);
            return GraphLayout.parseInstance(all.toArray()).totalSize();
        }
    }

    public static void main(String[] arguments) {
        System.out.println("| Retained bytes of each | pending | done |");
        System.out.println("| --- | --- | --- |");
        print("task: coro4j", Retained::tasks);
        print("task: kotlinx", Retained::kotlinxTasks);
        print(
                "task: completableFuture",
                group -> group.fill(() -> CompletableFuture.supplyAsync(SUPPLIER, group)));
        print("task: guava", group -> group.fill(() -> Futures.submit(BODY, group)));
        print(
                "body of a gather: coro4j",
                group ->
                        group.roots.add(
                                scope(group).gather(Collections.nCopies(group.size, BODY)).all()));
        print("promise: coro4j", Retained::promises);
        print("promise: kotlinx", Retained::deferreds);
        print("promise: completableFuture", Retained::completableFutures);
        print("promise: guava", Retained::settableFutures);
        print(
                "gathered promise: coro4j",
                group -> group.roots.add(Gather.of(promises(group)).all()));
        print(
                "gathered promise: completableFuture",
                group ->
                        group.roots.add(
                                CompletableFuture.allOf(
                                        completableFutures(group)
                                                .toArray(new CompletableFuture<?>[0]))));
        print(
                "gathered promise: guava",
                group -> group.roots.add(Futures.allAsList(settableFutures(group))));
        print("callback: coro4j", Retained::callbacks);
        print("callback: completableFuture", Retained::completableFutureCallbacks);
        print("sleep: coro4j", group -> group.fill(() -> Task.sleep(HOUR), Future::cancel));
        System.out.println();
        System.exit(0);
    }

    private static void print(String name, Consumer<Group> filler) {
        // What is shared must be there before the first of the two: threads of pools, for example.
        pendingAndDone(BASE, filler);
        // Pools come and go meanwhile: the middle of several looks is not about them.
        double[] pending = new double[LOOKS];
        double[] done = new double[LOOKS];
        for (int look = 0; look < LOOKS; look++) {
            double[] small = pendingAndDone(BASE, filler);
            double[] large = pendingAndDone(BASE + STEP, filler);
            pending[look] = (large[0] - small[0]) / STEP;
            done[look] = (large[1] - small[1]) / STEP;
        }
        System.out.printf(
                Locale.ROOT, "| %s | %.0f | %.0f |%n", name, middle(pending), middle(done));
    }

    private static double middle(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    /** One group after the other: while they are pending, they may be in one list. */
    private static double[] pendingAndDone(int size, Consumer<Group> filler) {
        Group group = new Group(size);
        filler.accept(group);
        long pending = group.bytes();
        group.end();
        return new double[] {pending, group.bytes()};
    }

    private static TaskScope scope(Group group) {
        return TaskScope.builder().executor(group).open();
    }

    private static void tasks(Group group) {
        TaskScope scope = scope(group);
        group.fill(() -> scope.start(BODY));
    }

    private static void kotlinxTasks(Group group) {
        Kotlinx kotlinx = Kotlinx.on(group);
        group.fill(() -> kotlinx.start(BODY));
    }

    private static List<Promise<Integer>> promises(Group group) {
        return group.fill(Promise::create, promise -> promise.complete(VALUE));
    }

    private static void deferreds(Group group) {
        group.fill(
                () -> CompletableDeferredKt.<Integer>CompletableDeferred((Job) null),
                (CompletableDeferred<Integer> promise) -> promise.complete(VALUE));
    }

    private static List<CompletableFuture<Integer>> completableFutures(Group group) {
        return group.fill(() -> new CompletableFuture<>(), promise -> promise.complete(VALUE));
    }

    private static List<SettableFuture<Integer>> settableFutures(Group group) {
        return group.fill(SettableFuture::create, promise -> promise.set(VALUE));
    }

    private static void callbacks(Group group) {
        Arrivals arrivals = new Arrivals();
        Promise<Integer> promise = Promise.create();
        Consumer<Future<Integer>> callback = future -> arrivals.arrive();
        group.fill(
                () -> promise.addDoneCallback(callback),
                registration -> {
                    promise.complete(VALUE);
                    arrivals.await(group.size);
                });
    }

    private static void completableFutureCallbacks(Group group) {
        CompletableFuture<Integer> promise = new CompletableFuture<>();
        Consumer<Integer> callback = value -> {};
        group.fill(() -> promise.thenAccept(callback), stage -> promise.complete(VALUE));
    }
}
