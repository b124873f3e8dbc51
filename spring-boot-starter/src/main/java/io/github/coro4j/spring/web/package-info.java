/** What the servlet and the reactive part share: the scope of one request. */
@NullMarked
package io.github.coro4j.spring.web;

import org.jspecify.annotations.NullMarked;
