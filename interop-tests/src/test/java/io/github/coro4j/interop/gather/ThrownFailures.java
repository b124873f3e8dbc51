package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** The failures that the bodies of one group throw. None may be lost (R17). */
final class ThrownFailures {
    private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());

    /** Makes a failure that a body throws. */
    Exception make(String message) {
        Exception failure = new Exception(message);
        failures.add(failure);
        return failure;
    }

    /** Checks R17 once the scope is closed: each failure that was thrown is with the group, or was reported. */
    void assertAllAreFound(Outcome<?> end, List<FailureReport> reports, TaskEnds ended) {
        Set<Throwable> found = Collections.newSetFromMap(new IdentityHashMap<>());
        for (FailureReport report : reports) {
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
                assertTrue(
                        !ended.have(failure) || found.contains(failure),
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
}
