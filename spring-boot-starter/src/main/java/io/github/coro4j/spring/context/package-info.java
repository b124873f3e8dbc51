/** Which thread-locals of Spring a task gets. */
@NullMarked
package io.github.coro4j.spring.context;

import org.jspecify.annotations.NullMarked;
