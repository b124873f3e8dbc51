package io.github.coro4j.examples.spring;

import io.github.coro4j.Future;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.util.List;
import java.util.NoSuchElementException;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The same for WebFlux and for MVC. */
// region
@RestController
class ReportController {
    private final TaskScope scope;
    private final Reports reports;

    ReportController(TaskScope scope, Reports reports) {
        this.scope = scope;
        this.reports = reports;
    }

    @GetMapping("/reports/{id}")
    Task<String> one(@PathVariable int id) {
        return scope.start("report " + id, () -> reports.build(id));
    }

    @GetMapping("/reports")
    Future<List<String>> some(@RequestParam List<Integer> ids) {
        return scope.gather(ids, reports::build).failFast();
    }

    @ExceptionHandler
    @ResponseStatus(HttpStatus.NOT_FOUND)
    String missing(NoSuchElementException thrown) {
        return thrown.getMessage();
    }
}
// endregion
