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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private final BodyKinds bodyKinds = new BodyKinds(failures, cleanUp);
    private final Map<String, Gate> gates = new LinkedHashMap<>();

    /** The children that were running when the group had ended. */
    private final Set<String> runOn = new HashSet<>();

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

    /** Lets one child end, and starts a group whose timeout passes soon. */
    void startLate(String first, String... kinds) {
        List<Future<String>> children = startChildren(kinds);
        end(first);
        gates.values().forEach(Gate::awaitReached);
        if (userCodeReceivesFailures) {
            cleanUp.open(); // the reader of a stream waits for each child
        }
        group =
                policy.apply(
                        Gather.<String>of(children)
                                .named(Origin.GROUP)
                                .timeout(Duration.ofMillis(1)));
        group.joinOutcome();
        runOn.addAll(running());
        cleanUp.open();
        end("A", "B", "C");
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
            bodies.add(bodyKinds.body(kinds[i], name, gate));
        }
        return bodies;
    }

    /** Lets the children end, one after the other. Some may have been cancelled before. */
    void end(String... names) {
        for (String name : names) {
            if (group != null && group.isDone()) {
                runOn.addAll(running());
            }
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
        String child = Origin.nameOf(NAMES.indexOf(name));
        ended.await(child);
        // The thread that ends this task carries out what the group decides, before the task's
        // report.
        ended.awaitIfStarted(Origin.workOf(child));
    }

    /** Returns the names of the children that no cancel has reached and that have not ended. */
    private List<String> running() {
        List<String> names = new ArrayList<>();
        for (Task<?> task : scope.tasks()) {
            for (String name : gates.keySet()) {
                if (task.name().equals(Origin.nameOf(NAMES.indexOf(name)))
                        && !task.isCancelling()
                        && !task.isDone()) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    /** Lets the children that a cancel has reached finish their clean-up. */
    void finishCleanUp() {
        List<String> running = running();
        cleanUp.open();
        for (String name : gates.keySet()) {
            if (!running.contains(name)) {
                awaitEnd(name);
            }
        }
    }

    /** Returns what can be seen at this moment. Children may still run. */
    Timeline.Moment look() {
        List<String> running = running();
        List<Timeline.State> children = new ArrayList<>();
        for (String name : gates.keySet()) {
            TaskEvent event = ended.of(Origin.nameOf(NAMES.indexOf(name)));
            children.add(
                    event != null
                            ? Timeline.State.of(event.end())
                            : running.contains(name)
                                    ? Timeline.State.RUNS
                                    : Timeline.State.STOPPING);
        }
        return new Timeline.Moment(
                children, group.isDone() ? GroupText.of(group.joinOutcome()) : "");
    }

    /** Waits for the end of the group, and returns it with the ends of the children. */
    PlayedCell end() {
        if (refusal != null) {
            return new PlayedCell(
                    "the call throws an `" + refusal.getClass().getSimpleName() + "`", List.of());
        }
        Outcome<?> end = group.joinOutcome();
        List<String> children = new ArrayList<>();
        for (String name : gates.keySet()) {
            children.add(fateOf(name));
        }
        cleanUp.open();
        gates.values().forEach(Gate::open);
        scope.close();
        List<FailureReport> reports = leaks.takeReports();
        if (!userCodeReceivesFailures) {
            failures.assertAllAreFound(end, reports, ended);
        }
        return new PlayedCell(GroupText.of(end), children);
    }

    private String fateOf(String name) {
        String child = Origin.nameOf(NAMES.indexOf(name));
        TaskEvent event = ended.of(child);
        if (event == null) {
            throw new AssertionError("the situation has left a child running: " + name);
        }
        boolean ranOn = runOn.contains(name);
        return switch (event.end()) {
            case SUCCESS -> ranOn ? PlayedCell.RUNS_ON : "succeeds";
            case FAILURE -> ranOn ? PlayedCell.RUNS_ON + ", fails" : "fails";
            case CANCELLED -> ended.hasStarted(child) ? "cancelled" : "never starts";
        };
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
