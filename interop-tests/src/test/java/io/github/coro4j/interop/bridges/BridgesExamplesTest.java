package io.github.coro4j.interop.bridges;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import io.github.coro4j.TaskScope;
import io.github.coro4j.bridges.GuavaFutures;
import io.github.coro4j.bridges.ReactorMonos;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Snippets;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** Every example of the javadoc of the bridges is a region of this class, and runs. */
@Tag("optional")
class BridgesExamplesTest {
    private static final Path BRIDGES =
            Path.of("../bridges/src/main/java/io/github/coro4j/bridges");
    private static final Path SELF =
            Path.of("src/test/java/io/github/coro4j/interop/bridges/BridgesExamplesTest.java");

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Trail trail = new Trail();

    @Test
    void everyExampleIsARegionOfThisClass() throws IOException {
        TreeSet<String> examples = new TreeSet<>();
        try (Stream<Path> sources = Files.list(BRIDGES)) {
            sources.forEach(file -> examples.addAll(Snippets.javadoc(file)));
        }
        assertEquals(new TreeSet<>(Snippets.regions(SELF)), examples);
    }

    @Test
    void guava() {
        Executor uiExecutor = Runnable::run;
        FutureCallback<String> show =
                new FutureCallback<>() {
                    @Override
                    public void onSuccess(String page) {
                        trail.add(page);
                    }

                    @Override
                    public void onFailure(Throwable e) {
                        trail.add(e);
                    }
                };
        try (TaskScope scope = leaks.open("scope")) {
            // region toListenableFuture
            ListenableFuture<String> page =
                    GuavaFutures.toListenableFuture(scope.start("page", () -> load()));
            Futures.addCallback(page, show, uiExecutor);
            // endregion
            trail.await("loaded");
        }
    }

    @Test
    void guavaThatInterrupts() {
        try (TaskScope scope = leaks.open("scope")) {
            // region toInterruptingListenableFuture
            ListenableFuture<String> page =
                    GuavaFutures.toInterruptingListenableFuture(scope.start("page", () -> load()));
            page.cancel(false); // interrupts load()
            // endregion
            assertTrue(page.isDone());
        }
    }

    @Test
    void reactor() {
        try (TaskScope scope = leaks.open("scope")) {
            // region toMono
            Mono<String> page = ReactorMonos.toMono(() -> scope.start("page", () -> load()));
            page.timeout(Duration.ofSeconds(2)).retry(3).subscribe(this::show);
            // endregion
            trail.await("loaded");
        }
    }

    private static String load() {
        return "loaded";
    }

    private void show(String page) {
        trail.add(page);
    }
}
