package io.github.coro4j.spring.web;

import io.github.coro4j.TaskScope;

/**
 * The scope of the current request, for beans that are not controllers. A controller has a parameter of the type
 * {@link TaskScope} instead. The bean exists only with Spring MVC.
 *
 * <pre>{@code
 * @Service
 * class Prices {
 *     private final RequestTaskScope request;
 *
 *     Prices(RequestTaskScope request) {
 *         this.request = request;
 *     }
 *
 *     Future<List<Price>> all(List<Shop> shops) {
 *         return request.get().gather(shops, Shop::price).settled().map(Outcome::successes);
 *     }
 * }
 * }</pre>
 *
 * <p>The scope opens on first use. When the request is over, for whatever reason, the work in the scope is cancelled and
 * the scope closes. No thread waits for that.
 */
@FunctionalInterface
public interface RequestTaskScope {

    /**
     * Returns the scope of the request that the calling thread handles. Each call for one request returns the same scope.
     * The thread is that of the controller, or one that runs a body started by it.
     *
     * @return the scope
     * @throws IllegalStateException if the calling thread handles no request, or if the request is over
     */
    TaskScope get();
}
