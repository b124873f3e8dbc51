package io.github.coro4j.interop.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.coro4j.ContextPropagator;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.bridges.MdcPropagator;
import io.github.coro4j.bridges.MicrometerPropagator;
import io.github.coro4j.bridges.OpenTelemetryPropagator;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** R27 without the libraries of the propagators. The POM keeps these libraries off the class path of this test. */
@Rule(27)
class AbsentLibrariesTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    static Stream<ContextPropagator> propagators() {
        return Stream.of(
                new MdcPropagator(), new OpenTelemetryPropagator(), new MicrometerPropagator());
    }

    @ParameterizedTest
    @MethodSource("propagators")
    void propagatorWithoutItsLibrary_isRefused(ContextPropagator propagator) {
        assertFalse(propagator.isAvailable());
        TaskScope.Builder builder = TaskScope.builder();
        assertEquals(
                "propagator is a "
                        + propagator.getClass().getName()
                        + ", which says that it is not available:"
                        + " add the library that it needs, or leave contextPropagator() out",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> builder.contextPropagator(propagator))
                        .getMessage());
    }

    @Test
    void propagatorsWithoutTheirLibraries_areFoundAndNothingIsLogged() {
        assertEquals(
                List.of(
                        MdcPropagator.class,
                        OpenTelemetryPropagator.class,
                        MicrometerPropagator.class),
                ServiceLoader.load(ContextPropagator.class).stream()
                        .map(ServiceLoader.Provider::type)
                        .toList());
        assertEquals("value", Task.start(() -> "value").join());
    }

    @Test
    void librariesOfThePropagators_areAbsent() {
        for (String name :
                List.of(
                        "org.slf4j.MDC",
                        "io.opentelemetry.context.Context",
                        "io.micrometer.context.ContextSnapshot",
                        "reactor.core.publisher.Mono")) {
            assertThrows(ClassNotFoundException.class, () -> Class.forName(name), name);
        }
    }
}
