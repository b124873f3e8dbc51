package io.github.coro4j.examples.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.TaskScope;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** The sample: a page of what the backends have answered in 300 ms. */
class ShopTest {
    @Configuration(proxyBeanMethods = false)
    static class NineQuickBackends {
        final CountDownLatch interrupted = new CountDownLatch(1);

        @Bean
        @Primary
        Backends quick() {
            Stream<Backend> quick = IntStream.range(0, 9).mapToObj(i -> () -> "answer " + i);
            return new Backends(Stream.concat(quick, Stream.of(this::hang)).toList());
        }

        private String hang() throws InterruptedException {
            try {
                new CountDownLatch(1).await();
                return "never";
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        }
    }

    private static ConfigurableApplicationContext start(Class<?>... settings) {
        return new SpringApplicationBuilder(ShopApplication.class)
                .sources(settings)
                .properties("server.port=0")
                .run();
    }

    private static String get(ConfigurableApplicationContext shop, String path) throws Exception {
        int port = shop.getEnvironment().getRequiredProperty("local.server.port", int.class);
        try (Client client = new Client(port)) {
            String answer = client.get(path).read();
            assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
            return answer;
        }
    }

    @Test
    void aBackendThatHangsIsMissingAndIsInterrupted() throws Exception {
        try (ConfigurableApplicationContext shop = start(NineQuickBackends.class)) {
            String page = get(shop, "/page");
            List<String> answers =
                    IntStream.range(0, 9).mapToObj(i -> "\"answer " + i + "\"").toList();
            String expected = "{\"answers\":[" + String.join(",", answers) + "],\"missing\":1}";
            assertTrue(page.contains(expected), page);
            shop.getBean(NineQuickBackends.class).interrupted.await();
            shop.getBean(TaskScope.class).join();
        }
        TaskScope.global().join();
    }

    @Test
    void theTenBackendsAreAskedByHttp() throws Exception {
        try (ConfigurableApplicationContext shop = start()) {
            String page = get(shop, "/page");
            // How many come in time depends on the machine, but each is either there or missing.
            int missing = Integer.parseInt(page.replaceFirst("(?s).*\"missing\":(\\d+)}.*", "$1"));
            assertEquals(10 - missing, page.split("\"backend ", -1).length - 1, page);
        }
        TaskScope.global().join();
    }
}
