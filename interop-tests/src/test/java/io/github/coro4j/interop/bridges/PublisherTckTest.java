package io.github.coro4j.interop.bridges;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.coroutines.Flows;
import io.github.coro4j.interop.testing.KotlinFlows;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.ITestListener;
import org.testng.ITestResult;
import org.testng.TestNG;

/** Runs the tests of the Reactive Streams specification on {@code Flows.publisher}. */
@Tag("optional")
public class PublisherTckTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** The time for which the tests of the specification wait for a signal. Three of them use all of it. */
    private static final long GUARD_MILLIS = 5_000;

    /** The time for which they wait for a signal that must not come. */
    private static final long SILENCE_MILLIS = 50;

    /** TestNG runs this class, not JUnit. */
    public static class Verification extends FlowPublisherVerification<Long> {
        private final KotlinFlows log = new KotlinFlows();

        public Verification() {
            super(new TestEnvironment(GUARD_MILLIS, SILENCE_MILLIS));
        }

        @Override
        public Flow.Publisher<Long> createFlowPublisher(long elements) {
            return Flows.publisher(log.numbers(elements));
        }

        @Override
        public Flow.Publisher<Long> createFailedFlowPublisher() {
            return Flows.publisher(log.failing(new IOException("boo")));
        }
    }

    @Test
    @Rule(29)
    void thePublisherKeepsTheSpecification() {
        List<String> failed = new CopyOnWriteArrayList<>();
        List<String> passed = new CopyOnWriteArrayList<>();
        TestNG specification = new TestNG(false);
        specification.setVerbose(0);
        specification.setTestClasses(new Class<?>[] {Verification.class});
        specification.addListener(
                new ITestListener() {
                    @Override
                    public void onTestSuccess(ITestResult result) {
                        passed.add(result.getName());
                    }

                    @Override
                    public void onTestFailure(ITestResult result) {
                        failed.add(result.getName() + ": " + result.getThrowable());
                    }
                });
        specification.run();
        assertEquals(List.of(), failed);
        assertTrue(passed.size() >= 30, passed::toString);
        leaks.takeLogged();
    }
}
