package io.github.coro4j.spring.reactive;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.bridges.ReactorMonos;
import io.github.coro4j.spring.web.UnfinishedGathers;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ReactiveTypeDescriptor;
import reactor.core.publisher.Mono;

/**
 * Tells WebFlux that a {@link Future} is a reactive type of at most one value. WebFlux then subscribes to the future of a
 * controller as to a {@code Mono}, and cancels it when the client hangs up.
 */
final class FutureAdapters implements BeanPostProcessor {
    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof ReactiveAdapterRegistry registry) {
            registry.registerReactiveType(
                    ReactiveTypeDescriptor.singleOptionalValue(
                            Future.class, () -> Future.completed(null)),
                    future -> ReactorMonos.toMono((Future<?>) future),
                    publisher -> ReactorMonos.fromMono(Mono.from(publisher)));
            registry.registerReactiveType(
                    ReactiveTypeDescriptor.singleOptionalValue(
                            Gather.class,
                            () -> {
                                throw new UnsupportedOperationException("no empty Gather");
                            }),
                    gather -> Mono.error(UnfinishedGathers.error("the controller")),
                    publisher -> {
                        throw new UnsupportedOperationException("no Gather of a publisher");
                    });
        }
        return bean;
    }
}
