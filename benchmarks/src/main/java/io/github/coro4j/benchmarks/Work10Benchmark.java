package io.github.coro4j.benchmarks;

/** Gathers as {@link WorkBenchmark} does, with bodies that compute for about ten microseconds. */
public class Work10Benchmark extends WorkBenchmark {
    @Override
    long tokens() {
        return 10 * TOKENS;
    }
}
