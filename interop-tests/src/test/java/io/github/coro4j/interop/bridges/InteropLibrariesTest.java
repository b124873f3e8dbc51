package io.github.coro4j.interop.bridges;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import io.github.coro4j.Future;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.bridges.GuavaFutures;
import io.github.coro4j.bridges.ReactorMonos;
import io.github.coro4j.interop.testing.NothingLeaks;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.MDC;
import reactor.core.publisher.Mono;

/** The snippets of docs/interop.md that need a library. InteropDocTest compares them with the page. */
@Tag("optional")
class InteropLibrariesTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    void guava() throws Exception {
        try (TaskScope scope = leaks.open("page")) {
            ListenableFuture<String> listenable = Futures.immediateFuture("page");
            // region Guava
            ListenableFuture<String> out =
                    GuavaFutures.toListenableFuture(scope.start("page", () -> load()));
            Future<String> in = GuavaFutures.fromListenableFuture(listenable);
            // endregion
            assertEquals("page", out.get());
            assertEquals("page", in.join());
        }
    }

    @Test
    void reactor() {
        try (TaskScope scope = leaks.open("page")) {
            // region Reactor
            Mono<String> cold = ReactorMonos.toMono(() -> scope.start("page", () -> load()));
            Mono<String> hot = ReactorMonos.toMono(scope.start("page", () -> load()));
            Future<String> in = ReactorMonos.fromMono(Mono.fromCallable(() -> load()));
            // endregion
            assertEquals("page", cold.block());
            assertEquals("page", hot.block());
            assertEquals("page", in.join());
        }
    }

    @Test
    void mdc() {
        try (TaskScope scope = leaks.open("page")) {
            // region The MDC
            MDC.put("request", "4711");
            Task<String> page = scope.start("page", () -> load() + " of " + MDC.get("request"));
            MDC.remove("request");
            // endregion
            assertEquals("page of 4711", page.join());
        }
    }

    private static String load() {
        return "page";
    }
}
