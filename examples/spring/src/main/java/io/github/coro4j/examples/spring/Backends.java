package io.github.coro4j.examples.spring;

import java.util.List;

/**
 * The backends of the page, in the order of the page.
 *
 * @param all the backends
 */
record Backends(List<Backend> all) {}
