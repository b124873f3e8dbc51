package io.github.coro4j.examples.spring;

/** What the controllers call: it blocks. */
interface Reports {
    String build(int id) throws Exception;
}
