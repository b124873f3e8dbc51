package io.github.coro4j.observe;

/**
 * A scope, for JMX clients; see {@link JmxScopes}. Every method may be called at any time. The bean does not keep its
 * scope alive. It shows a closed scope as closed, and a scope that has been garbage-collected as closed and empty.
 */
public interface ScopeMXBean {

    /**
     * The name of the scope.
     *
     * @return the name
     */
    String getName();

    /**
     * Whether the scope takes new work.
     *
     * @return false from the moment at which closing begins
     */
    boolean isOpen();

    /**
     * How many tasks of the scope have not ended, without those of scopes opened inside it.
     *
     * @return the number, zero or more
     */
    int getTaskCount();

    /**
     * What runs in the scope, for people.
     *
     * @return as {@link io.github.coro4j.TaskScope#dump()}
     */
    String dump();

    /**
     * What runs in the scope, for programs.
     *
     * @return as {@link io.github.coro4j.TaskScope#dumpJson()}; an empty object if the scope has been garbage-collected
     */
    String dumpJson();

    /** Puts the dump in the log of the observed process, as {@link io.github.coro4j.TaskScope#logDump()}. */
    void logDump();
}
