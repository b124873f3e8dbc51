package io.github.coro4j.examples.spring;

import io.github.coro4j.Future;
import io.github.coro4j.Task;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.IntStream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Ten backends that the page asks by HTTP. This application plays them as well: each is slower than the one before it. */
@Configuration(proxyBeanMethods = false)
class HttpBackends {
    @Bean
    Backends backends(Environment environment) {
        HttpClient client = HttpClient.newHttpClient();
        return new Backends(
                IntStream.range(0, 10)
                        .<Backend>mapToObj(i -> () -> ask(client, address(environment, i)))
                        .toList());
    }

    private static URI address(Environment environment, int backend) {
        String port = environment.getRequiredProperty("local.server.port");
        return URI.create("http://localhost:" + port + "/backend/" + backend);
    }

    private static String ask(HttpClient client, URI address)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    @RestController
    static class Played {
        @GetMapping("/backend/{number}")
        Future<String> answer(@PathVariable int number) {
            Duration time = Duration.ofMillis(number * 40L);
            return Task.sleep(time)
                    .map(slept -> "backend " + number + " in " + time.toMillis() + " ms");
        }
    }
}
