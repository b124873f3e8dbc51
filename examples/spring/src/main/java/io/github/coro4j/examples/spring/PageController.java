package io.github.coro4j.examples.spring;

import io.github.coro4j.Future;
import io.github.coro4j.TaskScope;
import java.time.Duration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The page of the shop. */
// region
@RestController
class PageController {
    private final Backends backends;

    PageController(Backends backends) {
        this.backends = backends;
    }

    @GetMapping("/page")
    Future<Page> page(TaskScope request) {
        return request.gather(backends.all(), Backend::ask)
                .concurrency(10)
                .timeout(Duration.ofMillis(300))
                .settled()
                .map(Page::of);
    }
}
// endregion
