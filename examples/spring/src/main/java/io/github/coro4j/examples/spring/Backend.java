package io.github.coro4j.examples.spring;

/** A service that the page asks. */
interface Backend {
    /** Waits for the answer. An interrupt ends the wait. */
    String ask() throws Exception;
}
