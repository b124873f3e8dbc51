package io.github.coro4j.interop.gather;

import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.SlowCleanUp;
import java.util.concurrent.Callable;

/** Makes the bodies of the children of a {@link GroupRun}. Each waits at its gate, and then ends as its kind says. */
final class BodyKinds {
    private final ThrownFailures failures;
    private final Gate cleanUp;

    BodyKinds(ThrownFailures failures, Gate cleanUp) {
        this.failures = failures;
        this.cleanUp = cleanUp;
    }

    Callable<String> body(String kind, String name, Gate gate) {
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
}
