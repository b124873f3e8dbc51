package io.github.coro4j.interop.bridges;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.ContextPropagator;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.bridges.MdcPropagator;
import io.github.coro4j.bridges.MicrometerPropagator;
import io.github.coro4j.bridges.OpenTelemetryPropagator;
import io.github.coro4j.interop.testing.ControlledFuture;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Pool;
import io.github.coro4j.interop.testing.PropagationMatrix;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.ThreadValue;
import io.github.coro4j.interop.testing.UserCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.MDC;

/** R27 for values that libraries keep on a thread. The engine finds their propagators, so user code does not name them. */
@Tag("optional")
@Rule(27)
class LibraryContextTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    static Stream<Arguments> matrix() {
        return PropagationMatrix.of(
                new MdcValue(), new OpenTelemetryValue(), new MicrometerValue());
    }

    @ParameterizedTest
    @MethodSource("matrix")
    void userCode_seesTheContextOfItsThread(
            ThreadValue held, UserCode work, Pool place, String context) throws Exception {
        PropagationMatrix.check(leaks, held, work, place, context);
    }

    @Test
    void theGlobalScopePropagatesToo() {
        ThreadValue inMdc = new MdcValue();
        ThreadValue inContext = new OpenTelemetryValue();
        inMdc.set("acme");
        inContext.set("beta");
        try {
            assertEquals("acme beta", Task.start(() -> inMdc.get() + " " + inContext.get()).join());
        } finally {
            inMdc.set(null);
            inContext.set(null);
        }
    }

    @Test
    void aBodyHasACopyOfTheMdc() throws Exception {
        ExecutorService oneThread = Executors.newSingleThreadExecutor();
        MDC.put("tenant", "acme");
        MDC.put("user", "ann");
        try (TaskScope scope = leaks.open("copies", oneThread)) {
            Task<Map<String, String>> task =
                    scope.start(
                            () -> {
                                MDC.put("step", "2");
                                MDC.remove("user");
                                return MDC.getCopyOfContextMap();
                            });
            assertEquals(Map.of("tenant", "acme", "step", "2"), task.join());
            assertEquals(Map.of("tenant", "acme", "user", "ann"), MDC.getCopyOfContextMap());
            Map<String, String> left = oneThread.submit(MDC::getCopyOfContextMap).get();
            assertTrue(left == null || left.isEmpty(), () -> "left behind: " + left);
        } finally {
            MDC.clear();
            oneThread.shutdown();
        }
    }

    @Test
    void aFailureListenerHasTheMdcOfTheWork() throws Exception {
        List<String> logged = new ArrayList<>();
        TaskScope.Builder builder =
                TaskScope.builder()
                        .failureListener(
                                report -> logged.add(MDC.get("request") + " " + report.label()));
        try (TaskScope scope = leaks.opened(builder.open())) {
            MDC.put("request", "4711");
            Task<String> task =
                    scope.start(
                            "load",
                            () -> {
                                throw new IOException("boom");
                            });
            MDC.clear();
            ControlledFuture.awaitDone(task);
        }
        assertEquals(List.of("4711 task \"load\""), logged);
    }

    @Test
    void propagatorsThatAreGivenAndFound_countOnce() {
        for (ContextPropagator each :
                new ContextPropagator[] {
                    new MdcPropagator(), new OpenTelemetryPropagator(), new MicrometerPropagator()
                }) {
            assertTrue(each.isAvailable(), each::toString);
            TaskScope.builder().contextPropagator(each).open().close();
        }
        assertEquals(new MdcPropagator(), new MdcPropagator());
        assertEquals(new MdcPropagator().hashCode(), new MdcPropagator().hashCode());
        assertFalse(new MdcPropagator().equals(new MicrometerPropagator()));
    }
}
