package io.github.coro4j.observe;

/**
 * A scope, for JMX clients; see {@link JmxScopes}. Clients may call every method at any time. The bean does not keep
 * its scope alive. It shows a closed scope as closed, and a scope that has been garbage-collected as closed and empty.
 */
public interface ScopeMXBean {

    /** {@return the name of the scope} */
    String getName();

    /** {@return whether the scope takes new work: false from the moment at which closing begins} */
    boolean isOpen();

    /** {@return how many tasks of the scope have not ended, without those of scopes opened inside it} */
    int getTaskCount();

    /** {@return what runs in the scope, for people, like {@link io.github.coro4j.TaskScope#dump()}} */
    String dump();

    /**
     * Returns what runs in the scope, for programs, like {@link io.github.coro4j.TaskScope#dumpJson()}.
     *
     * @return a JSON object, which is empty if the scope has been garbage-collected
     */
    String dumpJson();

    /** Logs the dump in the observed process, like {@link io.github.coro4j.TaskScope#logDump()}. */
    void logDump();
}
