package io.github.coro4j.examples.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * A shop whose page asks ten backends at once, and answers in 300 ms with what it got. To try it:
 *
 * <pre>
 * ./mvnw -q -Pshop
 * curl localhost:8080/page
 * curl localhost:8080/actuator/coro4j
 * </pre>
 */
@SpringBootApplication(proxyBeanMethods = false)
public class ShopApplication {
    /** Starts the shop on port 8080. */
    public static void main(String[] args) {
        SpringApplication.run(ShopApplication.class, args);
    }
}
