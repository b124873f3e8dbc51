package io.github.coro4j.interop.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.coro4j.ContextCarrier;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.bridges.MdcCarrier;
import io.github.coro4j.bridges.MicrometerCarrier;
import io.github.coro4j.bridges.OpenTelemetryCarrier;
import io.github.coro4j.interop.NothingLeaks;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** R27 without the libraries that carriers come along for; the POM keeps them from the class path of this test. */
class AbsentLibrariesTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    static Stream<ContextCarrier> carriers() {
        return Stream.of(new MdcCarrier(), new OpenTelemetryCarrier(), new MicrometerCarrier());
    }

    @ParameterizedTest
    @MethodSource("carriers")
    void r27_aCarrierWhoseLibraryIsNotThereIsLeftOut(ContextCarrier carrier) {
        assertFalse(carrier.isAvailable());
        TaskScope.Builder builder = TaskScope.builder();
        assertEquals(
                "carrier is a "
                        + carrier.getClass().getName()
                        + ", which says that it is not available;"
                        + " add the library that it is for, or leave carry() out",
                assertThrows(IllegalArgumentException.class, () -> builder.carry(carrier))
                        .getMessage());
    }

    @Test
    void r27_theyAreFoundAndNothingIsLogged() {
        assertEquals(
                List.of(MdcCarrier.class, OpenTelemetryCarrier.class, MicrometerCarrier.class),
                ServiceLoader.load(ContextCarrier.class).stream()
                        .map(ServiceLoader.Provider::type)
                        .toList());
        assertEquals("value", Task.start(() -> "value").join());
    }

    @Test
    void r27_noneOfTheLibrariesIsThere() {
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
