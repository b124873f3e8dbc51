/** Spring MVC: tasks as results of controllers, and a scope for each request. */
@NullMarked
package io.github.coro4j.spring.servlet;

import org.jspecify.annotations.NullMarked;
