package io.github.coro4j.interop.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Task;
import io.github.coro4j.TaskEvent;
import io.github.coro4j.TaskEvent.End;
import io.github.coro4j.TaskListener;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.observe.RecordingListener.Step;
import io.github.coro4j.interop.testing.NothingLeaks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** While cancels come at random moments, a listener receives each step at most once, and one end of each body. */
@Timeout(120)
class TaskListenerRaceTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    // A thread that cancels a body while it ends must not take away data that its end event needs.
    @Test
    void theEndEventOfABodyThatStartedSaysThatItHasBegun() {
        Set<Long> started = ConcurrentHashMap.newKeySet();
        Queue<TaskEvent> wrong = new ConcurrentLinkedQueue<>();
        TaskListener listener =
                new TaskListener() {
                    @Override
                    public void started(TaskEvent event) {
                        started.add(event.id());
                    }

                    @Override
                    public void ended(TaskEvent event) {
                        if (started.remove(event.id()) != event.begun()) {
                            wrong.add(event);
                        }
                    }
                };
        try (TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .name("short")
                                .failureListener(leaks.listener())
                                .taskListener(listener)
                                .open())) {
            List<Callable<Integer>> bodies = Collections.nCopies(30, () -> 1);
            for (int round = 0; round < 3_000; round++) {
                Future<?> group = scope.gather(bodies).settled();
                group.cancel("enough");
                group.joinOutcome();
            }
        }
        assertEquals(List.of(), List.copyOf(wrong));
        assertEquals(Set.of(), started);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void eachBodyHasOneEndEventAndAtMostOneStartAndOneRequest(long seed)
            throws InterruptedException {
        RecordingListener recorder = new RecordingListener();
        int bodies = 0;
        for (int round = 0; round < 60; round++) {
            Random random = new Random(seed * 1_000 + round);
            bodies += 8;
            try (TaskScope scope =
                    leaks.opened(
                            TaskScope.builder()
                                    .name("round " + round)
                                    .failureListener(leaks.listener())
                                    .taskListener(recorder)
                                    .open())) {
                List<Future<?>> futures = new ArrayList<>();
                String prefix = round + "/";
                for (int i = 0; i < 8; i++) {
                    int spins = random.nextInt(200);
                    futures.add(scope.launch(prefix + i, () -> spin(spins)));
                }
                futures.add(
                        scope.gather(IntStream.range(0, 4).boxed().toList(), i -> i)
                                .concurrency(2)
                                .named(prefix + "group")
                                .settled());
                int spins = random.nextInt(300);
                Thread canceller =
                        new Thread(
                                () -> {
                                    spinPlain(spins);
                                    futures.forEach(each -> each.cancel("a"));
                                });
                canceller.start();
                spinPlain(random.nextInt(300));
                if (random.nextBoolean()) {
                    scope.cancel("b");
                } else {
                    futures.get(random.nextInt(futures.size())).cancel("b");
                }
                canceller.join();
            }
        }
        Map<String, List<Step>> byName = new HashMap<>();
        recorder.steps()
                .forEach(
                        step ->
                                byName.computeIfAbsent(
                                                step.event().name(), name -> new ArrayList<>())
                                        .add(step));
        // A child of a group that has no permit is no task yet.
        assertEquals(bodies, byName.keySet().stream().filter(name -> !name.contains("[")).count());
        byName.forEach(
                (name, steps) -> {
                    long started = count(steps, "started");
                    long requests = count(steps, "cancelRequested");
                    List<Step> ended =
                            steps.stream().filter(step -> step.verb().equals("ended")).toList();
                    assertEquals(1, ended.size(), steps::toString);
                    assertTrue(started <= 1 && requests <= 1, steps::toString);
                    assertEquals(started == 1, ended.get(0).event().begun(), steps::toString);
                    if (ended.get(0).event().end() == End.CANCELLED) {
                        assertEquals(1, requests, steps::toString);
                        String reason = ended.get(0).event().reason();
                        steps.stream()
                                .filter(step -> step.verb().equals("cancelRequested"))
                                .forEach(step -> assertEquals(reason, step.event().reason()));
                    }
                });
    }

    private static long count(List<Step> steps, String verb) {
        return steps.stream().filter(step -> step.verb().equals(verb)).count();
    }

    private static void spin(int rounds) {
        for (int i = 0; i < rounds; i++) {
            Task.checkCancelled();
            Thread.onSpinWait();
        }
    }

    private static void spinPlain(int rounds) {
        for (int i = 0; i < rounds; i++) {
            Thread.onSpinWait();
        }
    }
}
