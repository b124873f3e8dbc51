package io.github.coro4j.examples.spring;

import io.github.coro4j.TaskScope;
import io.github.coro4j.coroutines.Flows;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Publisher;
import kotlinx.coroutines.channels.BufferOverflow;
import kotlinx.coroutines.flow.Flow;
import kotlinx.coroutines.flow.FlowKt;
import kotlinx.coroutines.flow.MutableSharedFlow;
import kotlinx.coroutines.flow.SharedFlowKt;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A controller of streams: of kotlinx.coroutines, of Coro4j, and of Reactor. */
@RestController
@RequestMapping(produces = MediaType.APPLICATION_JSON_VALUE)
class Streams {
    record Price(int cents) {}

    private static final List<Price> PRICES = List.of(new Price(1), new Price(2));

    /** Has one price, and never ends. */
    final MutableSharedFlow<Price> endless =
            SharedFlowKt.MutableSharedFlow(1, 0, BufferOverflow.SUSPEND);

    private final TaskScope scope;

    Streams(TaskScope scope) {
        this.scope = scope;
        endless.tryEmit(PRICES.get(0));
    }

    @GetMapping("/flow")
    Flow<Price> flow() {
        return FlowKt.asFlow(PRICES);
    }

    // region
    @GetMapping("/publisher")
    Publisher<Price> publisher() {
        return Flows.publisher(scope, FlowKt.asFlow(PRICES));
    }

    // endregion

    @GetMapping("/flux")
    Flux<Price> flux() {
        return Flux.fromIterable(PRICES);
    }

    @GetMapping("/mono")
    Mono<Price> mono() {
        return Mono.just(PRICES.get(0));
    }

    @GetMapping("/stage")
    CompletableFuture<Price> stage() {
        return CompletableFuture.completedFuture(PRICES.get(0));
    }

    @GetMapping(path = "/endless/flow", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Flow<Price> endlessFlow() {
        return endless;
    }

    @GetMapping(path = "/endless/publisher", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Publisher<Price> endlessPublisher() {
        return Flows.publisher(scope, endless);
    }
}
