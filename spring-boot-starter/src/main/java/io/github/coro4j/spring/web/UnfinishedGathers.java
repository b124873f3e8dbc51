package io.github.coro4j.spring.web;

import io.github.coro4j.Gather;

/** The error for a controller that returns a {@link Gather}, which has no result before its policy is called. */
public final class UnfinishedGathers {
    private UnfinishedGathers() {}

    /**
     * Returns the error.
     *
     * @param method the method of the controller
     * @return a new exception
     */
    public static IllegalStateException error(Object method) {
        return new IllegalStateException(
                method
                        + " returned a Gather, which has no result yet: call a policy, such as all()"
                        + " or failFast(), and return the future that the policy returns");
    }
}
