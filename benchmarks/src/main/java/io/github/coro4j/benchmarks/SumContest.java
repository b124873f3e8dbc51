package io.github.coro4j.benchmarks;

import org.openjdk.jmh.annotations.Param;

/** A workload of {@code n} equal values, one from each element; every contestant returns their sum. */
public abstract class SumContest extends Contest {
    static final Integer VALUE = 42;

    @Param("1000")
    int n;

    @Override
    final Object expected() {
        return VALUE * n;
    }
}
