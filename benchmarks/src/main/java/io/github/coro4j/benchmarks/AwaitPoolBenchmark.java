package io.github.coro4j.benchmarks;

import io.github.coro4j.benchmarks.kotlin.Awaiters;

/** Awaits as {@link AwaitDefaultBenchmark} does, with the coroutines on the pool, by {@code asCoroutineDispatcher}. */
public class AwaitPoolBenchmark extends AwaitDefaultBenchmark {
    @Override
    Awaiters awaiters() {
        return Awaiters.on(executor);
    }
}
