package io.github.coro4j.examples.cluster;

import io.github.coro4j.Registration;
import io.github.coro4j.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** A clock that a test moves by hand. */
final class HandClock implements TimeSource {
    private final TreeMap<Long, Runnable> timers = new TreeMap<>();
    private long now;

    @Override
    public synchronized long nanoTime() {
        return now;
    }

    @Override
    public synchronized Registration schedule(Duration delay, Runnable action) {
        long at = now + delay.toNanos();
        while (timers.containsKey(at)) {
            at++;
        }
        long key = at;
        timers.put(key, action);
        return new Timer(key);
    }

    private synchronized boolean remove(long key) {
        return timers.remove(key) != null;
    }

    private final class Timer implements Registration {
        private final long key;

        Timer(long key) {
            this.key = key;
        }

        @Override
        public boolean remove() {
            return HandClock.this.remove(key);
        }

        @Override
        public void close() {
            remove();
        }
    }

    /** Moves the time, and runs what is due on the calling thread. */
    void advance(Duration time) {
        synchronized (this) {
            now += time.toNanos();
        }
        for (Runnable due = nextDue(); due != null; due = nextDue()) {
            due.run();
        }
    }

    private synchronized Runnable nextDue() {
        Map.Entry<Long, Runnable> first = timers.firstEntry();
        if (first == null || first.getKey() > now) {
            return null;
        }
        timers.remove(first.getKey());
        return first.getValue();
    }
}
