package io.github.coro4j.examples.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.asyncDispatch;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.request;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.MvcResult;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** A test of controllers alone, without a server: Spring Boot adds the starter to such tests. */
@WebMvcTest(controllers = SliceTest.Greetings.class)
class SliceTest {
    @Autowired private MockMvc mvc;
    @Autowired private MockMvcTester tester;
    @Autowired private TaskScope scope;

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Greetings.class)
    static class App {}

    @RestController
    static class Greetings {
        private final TaskScope scope;

        Greetings(TaskScope scope) {
            this.scope = scope;
        }

        @GetMapping("/hello/{name}")
        Task<String> hello(@PathVariable String name) {
            return scope.start(() -> "hello " + name);
        }

        @GetMapping("/bye/{name}")
        Task<String> bye(TaskScope request, @PathVariable String name) {
            return request.start(() -> request.name() + ", bye " + name);
        }
    }

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        scope.join();
        TaskScope.global().join();
        assertEquals(Set.of(), TaskScope.global().tasks());
    }

    // region
    @Test
    void aControllerReturnsATask() throws Exception {
        MvcResult started =
                mvc.perform(get("/hello/Ann")).andExpect(request().asyncStarted()).andReturn();
        mvc.perform(asyncDispatch(started))
                .andExpect(status().isOk())
                .andExpect(content().string("hello Ann"));
    }

    // endregion

    @Test
    void aTesterWaitsForTheTask() {
        assertEquals("hello Ann", body("/hello/Ann"));
    }

    @Test
    void aControllerHasTheScopeOfItsRequest() {
        assertEquals("GET /bye/{name}, bye Ann", body("/bye/Ann"));
    }

    private String body(String path) {
        try {
            return tester.get().uri(path).exchange().getResponse().getContentAsString();
        } catch (java.io.UnsupportedEncodingException e) {
            throw new AssertionError(e);
        }
    }
}
