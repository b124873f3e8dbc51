package com.example.headlines;

import io.github.coro4j.Task;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A source that answers, fails, or waits until the test opens it. It counts what happens to it. */
final class TestSource implements Source {
    final AtomicInteger asked = new AtomicInteger();
    final AtomicInteger waits = new AtomicInteger();
    final AtomicInteger interrupted = new AtomicInteger();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final String name;
    private final boolean nested;
    private volatile IOException failure;
    private volatile RuntimeException fault;

    private TestSource(String name, boolean nested) {
        this.name = name;
        this.nested = nested;
    }

    /** Returns a source that waits until {@link #open} is called. */
    static TestSource waiting(String name) {
        return new TestSource(name, false);
    }

    /** Returns a source that waits in a task of its own until {@link #open} is called. */
    static TestSource waitingInTask(String name) {
        return new TestSource(name, true);
    }

    static TestSource answering(String name) {
        TestSource source = waiting(name);
        source.open();
        return source;
    }

    static TestSource unreachable(String name) {
        TestSource source = answering(name);
        source.failure = new IOException("no answer from " + name);
        return source;
    }

    static TestSource faulty(String name) {
        TestSource source = answering(name);
        source.fault = new IllegalStateException("a fault in " + name);
        return source;
    }

    void open() {
        gate.countDown();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String headline() throws IOException, InterruptedException {
        asked.incrementAndGet();
        return nested ? Task.start(name + " inside", this::answer).join() : answer();
    }

    private String answer() throws IOException, InterruptedException {
        waits.incrementAndGet();
        try {
            gate.await();
        } catch (InterruptedException e) {
            interrupted.incrementAndGet();
            throw e;
        }
        if (failure != null) {
            throw failure;
        }
        if (fault != null) {
            throw fault;
        }
        return "news of " + name;
    }
}
