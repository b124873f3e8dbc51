/** Spring WebFlux: tasks as results of controllers, and a scope for each request. */
@NullMarked
package io.github.coro4j.spring.reactive;

import org.jspecify.annotations.NullMarked;
