package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.Partition;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskEvent;
import io.github.coro4j.TaskListener;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.SlowCleanUp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Plays one group in one {@link Situation}, step by step. A step is over once the group has seen it. */
final class GroupRun implements AutoCloseable {
    private static final String NAMES = "ABC";

    private final NothingLeaks leaks;
    private final Origin origin;
    private final Function<Gather<String>, Future<?>> policy;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Gate held = new Gate();
    private final Gate cleanUp = new Gate();
    private boolean isHeld;
    private boolean userCodeReceivesFailures;
    private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Gate> gates = new HashMap<>();

    /** The end of each task, by its name. */
    private final Map<String, TaskEvent> ended = new HashMap<>();

    private final TaskScope scope;
    private Future<?> group;
    private RuntimeException refusal;

    GroupRun(NothingLeaks leaks, Origin origin, Function<Gather<String>, Future<?>> policy) {
        this.leaks = leaks;
        this.origin = origin;
        this.policy = policy;
        TaskListener listener =
                new TaskListener() {
                    @Override
                    public void ended(TaskEvent event) {
                        synchronized (ended) {
                            ended.put(event.name(), event);
                            ended.notifyAll();
                        }
                    }
                };
        scope =
                leaks.opened(
                        TaskScope.builder()
                                .name("table")
                                .executor(
                                        body ->
                                                threads.execute(
                                                        () -> {
                                                            if (isHeld) {
                                                                held.passUninterruptibly();
                                                            }
                                                            body.run();
                                                        }))
                                .failureListener(leaks.listener())
                                .taskListener(listener)
                                .open());
    }

    /** Says that user code receives each failure, so that a failure need not be in the group's end or in a report. */
    void userCodeReceivesFailures() {
        userCodeReceivesFailures = true;
    }

    /** Holds back all bodies that have not begun. */
    void hold() {
        isHeld = true;
    }

    void letGo() {
        held.open();
    }

    /** Starts the children and the group, and returns once all bodies wait at their gates. */
    void start(String... kinds) {
        List<Callable<String>> bodies = bodies(kinds);
        try {
            group = policy.apply(origin.plan(scope, bodies));
        } catch (IllegalStateException | IllegalArgumentException e) {
            refusal = e;
            return;
        }
        if (!isHeld) {
            gates.values().forEach(Gate::awaitReached);
        }
    }

    /** Starts the children, and a group over them by their indices. */
    void startFutures(List<Integer> indices, String... kinds) {
        List<Future<String>> children = startChildren(kinds);
        gates.values().forEach(Gate::awaitReached);
        gatherOf(indices.stream().map(children::get).toList());
    }

    /** Lets the children end, and then starts a group over them. */
    void startDone(String... kinds) {
        List<Future<String>> children = startChildren(kinds);
        for (int i = 0; i < kinds.length; i++) {
            end(NAMES.substring(i, i + 1));
        }
        gatherOf(children);
        // A user policy receives them first.
        assertTrue(userCodeReceivesFailures || group.isDone(), "all children are done");
    }

    /** Lets the first child end, and starts a group whose timeout passes soon. */
    void startLate(String... kinds) {
        List<Future<String>> children = startChildren(kinds);
        end("A");
        gates.values().forEach(Gate::awaitReached);
        group =
                policy.apply(
                        Gather.<String>of(children)
                                .named(Origin.GROUP)
                                .timeout(Duration.ofMillis(1)));
        group.joinOutcome();
        end("B", "C");
    }

    private List<Future<String>> startChildren(String... kinds) {
        List<Future<String>> children = new ArrayList<>();
        for (Callable<String> body : bodies(kinds)) {
            int index = children.size();
            Task<String> task = scope.start(Origin.nameOf(index), body);
            children.add(kinds[index].equals("group") ? groupWith(task) : task);
        }
        return children;
    }

    /** Returns a group of the task and a promise that never ends by itself. The group has the task's name. */
    @SuppressWarnings("unchecked") // no test reads its value
    private Future<String> groupWith(Task<String> task) {
        // A task makes the group, so that the group belongs to the scope.
        Future<?> inner =
                scope.start(
                                () ->
                                        Gather.<String>of(task, Promise.create())
                                                .named(task.name())
                                                .failFast())
                        .join();
        return (Future<String>) inner;
    }

    private void gatherOf(List<Future<String>> children) {
        group = policy.apply(Gather.<String>of(children).named(Origin.GROUP));
    }

    private List<Callable<String>> bodies(String... kinds) {
        List<Callable<String>> bodies = new ArrayList<>();
        for (int i = 0; i < kinds.length; i++) {
            String name = NAMES.substring(i, i + 1);
            Gate gate = new Gate();
            gates.put(name, gate);
            bodies.add(body(kinds[i], name, gate));
        }
        return bodies;
    }

    private Callable<String> body(String kind, String name, Gate gate) {
        return switch (kind) {
            case "ok" -> Bodies.returning(name, gate);
            case "fails", "group" -> Bodies.throwing(failure(name), gate);
            case "stubborn" ->
                    () -> {
                        try {
                            gate.pass();
                        } catch (InterruptedException e) {
                            return "anyway";
                        }
                        return name;
                    };
            case "slow" ->
                    () -> {
                        new SlowCleanUp(gate, cleanUp).run();
                        return name;
                    };
            case "messy" ->
                    () -> {
                        try {
                            gate.pass();
                        } catch (InterruptedException e) {
                            throw failure(name + "'s mess");
                        }
                        return name;
                    };
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private Exception failure(String message) {
        Exception failure = new Exception(message);
        failures.add(failure);
        return failure;
    }

    /** Lets the children end, one after the other. Some may have been cancelled before. */
    void end(String... names) {
        for (String name : names) {
            gates.get(name).open();
            awaitEnd(name);
        }
    }

    void cancelChild(String name) {
        Origin.child(NAMES.indexOf(name), scope).cancel("not wanted");
        awaitEnd(name);
    }

    void cancelGroup() {
        group.cancel("enough");
        cleanUp.open();
        for (int i = 0; i < gates.size(); i++) {
            awaitEnd(NAMES.substring(i, i + 1));
        }
    }

    private TaskEvent awaitEnd(String name) {
        String task = Origin.nameOf(NAMES.indexOf(name));
        synchronized (ended) {
            try {
                while (!ended.containsKey(task)) {
                    ended.wait();
                }
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted while waiting for the end of " + task, e);
            }
            return ended.get(task);
        }
    }

    /** Returns the end of the group, and after it the ends of the children. */
    String describe() {
        if (refusal != null) {
            return "throws";
        }
        Outcome<?> end = group.joinOutcome();
        StringBuilder text = new StringBuilder(of(end));
        text.append(gates.isEmpty() ? "" : "; ");
        for (int i = 0; i < gates.size(); i++) {
            TaskEvent event;
            synchronized (ended) {
                event = ended.get(Origin.nameOf(i));
            }
            text.append(NAMES.charAt(i));
            text.append(
                    event == null
                            ? "…"
                            : switch (event.end()) {
                                case SUCCESS -> "✓";
                                case FAILURE -> "✗";
                                case CANCELLED -> "–";
                            });
        }
        cleanUp.open();
        gates.values().forEach(Gate::open);
        scope.close();
        assertAllAreFound(end);
        return text.toString();
    }

    private static String of(Outcome<?> end) {
        if (end instanceof Outcome.Cancelled<?>) {
            return "cancelled";
        }
        if (end instanceof Outcome.Failure<?> failure) {
            return "fails: " + of(failure.exception());
        }
        return of(((Outcome.Success<?>) end).value());
    }

    private static String of(Throwable exception) {
        if (exception instanceof java.util.concurrent.CancellationException) {
            return "cancellation";
        }
        if (exception instanceof TimeoutException) {
            return "timeout";
        }
        String beside =
                Arrays.stream(exception.getSuppressed())
                        .filter(
                                each ->
                                        !(each
                                                instanceof
                                                java.util.concurrent.CancellationException))
                        .map(Throwable::getMessage)
                        .collect(Collectors.joining(", "));
        return exception.getMessage() + (beside.isEmpty() ? "" : " (" + beside + ")");
    }

    private static String of(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(GroupRun::inList).collect(Collectors.joining(" ", "[", "]"));
        }
        if (value instanceof Partition<?> parts) {
            return letters(parts.done()) + "/" + letters(parts.pending());
        }
        return inList(value);
    }

    private static String letters(Set<? extends Future<?>> children) {
        return children.stream().map(GroupRun::letterOf).collect(Collectors.joining());
    }

    private static String inList(Object value) {
        return value instanceof Outcome<?> outcome
                ? outcome instanceof Outcome.Success<?> success
                        ? String.valueOf(success.value())
                        : outcome instanceof Outcome.Failure<?> failure
                                ? "✗" + of(failure.exception())
                                : "–"
                : String.valueOf(value);
    }

    private static String letterOf(Future<?> child) {
        for (int i = 0; i < NAMES.length(); i++) {
            if (child.toString().contains("\"" + Origin.nameOf(i) + "\"")) {
                return NAMES.substring(i, i + 1);
            }
        }
        throw new AssertionError("none of the children: " + child);
    }

    /** Checks R17 once the scope is closed: each failure that was thrown is with the group, or was reported. */
    private void assertAllAreFound(Outcome<?> end) {
        Set<Throwable> found = Collections.newSetFromMap(new IdentityHashMap<>());
        for (FailureReport report : leaks.takeReports()) {
            add(report.exception(), found);
        }
        if (end.exceptionOrNull() != null) {
            add(end.exceptionOrNull(), found);
        } else {
            Object value = ((Outcome.Success<?>) end).value();
            for (Object each : value instanceof List<?> list ? list : List.of(value)) {
                if (each instanceof Outcome<?> outcome && outcome.exceptionOrNull() != null) {
                    add(outcome.exceptionOrNull(), found);
                }
            }
        }
        synchronized (failures) {
            for (Throwable failure : failures) {
                boolean wasThrown =
                        ended.values().stream().anyMatch(event -> event.exception() == failure);
                assertTrue(
                        !wasThrown || userCodeReceivesFailures || found.contains(failure),
                        "neither attached nor reported: " + failure + ", " + end);
            }
        }
    }

    private static void add(Throwable exception, Set<Throwable> found) {
        if (found.add(exception)) {
            for (Throwable each : exception.getSuppressed()) {
                add(each, found);
            }
        }
    }

    @Override
    public void close() {
        held.open();
        cleanUp.open();
        gates.values().forEach(Gate::open);
        scope.close();
        threads.shutdown();
    }
}
