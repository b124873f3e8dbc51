package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskEvent;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.SlowCleanUp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** Plays one group in one {@link Situation}, step by step. A step is over once the group has seen it. */
final class GroupRun implements AutoCloseable {
    static final String NAMES = "ABC";

    private final NothingLeaks leaks;
    private final Origin origin;
    private final Function<Gather<String>, Future<?>> policy;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Gate held = new Gate();
    private final Gate cleanUp = new Gate();
    private boolean isHeld;
    private boolean userCodeReceivesFailures;
    private final ThrownFailures failures = new ThrownFailures();
    private final Map<String, Gate> gates = new HashMap<>();
    private final TaskEnds ended = new TaskEnds();

    private final TaskScope scope;
    private Future<?> group;
    private RuntimeException refusal;

    GroupRun(NothingLeaks leaks, Origin origin, Function<Gather<String>, Future<?>> policy) {
        this.leaks = leaks;
        this.origin = origin;
        this.policy = policy;
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
                                .taskListener(ended)
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
            case "fails", "group" -> Bodies.throwing(failures.make(name), gate);
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
                            throw failures.make(name + "'s mess");
                        }
                        return name;
                    };
            default -> throw new IllegalArgumentException(kind);
        };
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

    private void awaitEnd(String name) {
        ended.await(Origin.nameOf(NAMES.indexOf(name)));
    }

    /** Returns the end of the group, and after it the ends of the children. */
    String describe() {
        if (refusal != null) {
            return "throws";
        }
        Outcome<?> end = group.joinOutcome();
        StringBuilder text = new StringBuilder(GroupText.of(end));
        text.append(gates.isEmpty() ? "" : "; ");
        for (int i = 0; i < gates.size(); i++) {
            TaskEvent event = ended.of(Origin.nameOf(i));
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
        List<FailureReport> reports = leaks.takeReports();
        if (!userCodeReceivesFailures) {
            failures.assertAllAreFound(end, reports, ended);
        }
        return text.toString();
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
