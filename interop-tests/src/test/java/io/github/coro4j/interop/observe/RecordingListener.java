package io.github.coro4j.interop.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.TaskEvent;
import io.github.coro4j.TaskListener;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Keeps the events that a task listener receives, in order. */
final class RecordingListener implements TaskListener {
    /** An event, with the method and the thread that received it. */
    record Step(String verb, TaskEvent event, Thread thread) {
        boolean is(String what, String name) {
            return verb.equals(what) && event.name().equals(name);
        }
    }

    private final List<Step> steps = new ArrayList<>();

    @Override
    public void started(TaskEvent event) {
        add("started", event);
    }

    @Override
    public void ended(TaskEvent event) {
        add("ended", event);
    }

    @Override
    public void cancelRequested(TaskEvent event) {
        add("cancelRequested", event);
    }

    private synchronized void add(String verb, TaskEvent event) {
        steps.add(new Step(verb, event, Thread.currentThread()));
        notifyAll();
    }

    synchronized List<Step> steps() {
        return List.copyOf(steps);
    }

    List<Step> steps(Predicate<Step> wanted) {
        return steps().stream().filter(wanted).toList();
    }

    /** Returns the verbs of a task, in order. */
    List<String> of(String name) {
        return steps(step -> step.event().name().equals(name)).stream().map(Step::verb).toList();
    }

    TaskEvent only(String verb, String name) {
        List<Step> found = steps(step -> step.is(verb, name));
        assertEquals(1, found.size(), () -> verb + " of " + name + " in " + steps());
        return found.get(0).event();
    }

    synchronized void await(String verb, String name) throws InterruptedException {
        while (steps.stream().noneMatch(step -> step.is(verb, name))) {
            wait();
        }
    }
}
