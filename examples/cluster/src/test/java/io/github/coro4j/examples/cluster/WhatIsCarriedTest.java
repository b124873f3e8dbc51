package io.github.coro4j.examples.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.cluster.Member;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import io.github.coro4j.ContextPropagator;
import io.github.coro4j.Future;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.io.IOException;
import java.io.Serializable;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What travels between the members, and what does not. */
@Timeout(120)
class WhatIsCarriedTest {
    @RegisterExtension static final NothingLeaks LEAKS = new NothingLeaks();

    private static final ThreadLocal<String> TENANT = new ThreadLocal<>();

    private static Cluster caller;

    @BeforeAll
    static void start() {
        caller = LEAKS.threeMembers().last();
    }

    /** Runs a body on another member, and returns how its child ended. */
    private static <R, B extends Callable<R> & Serializable> Throwable failureOf(B body) {
        try (TaskScope scope = LEAKS.open()) {
            return scope.gatherAsync(List.of(0), turn -> caller.submitUntilAnswered(scope, body, 0))
                    .settled()
                    .join()
                    .get(0)
                    .exceptionOrNull();
        }
    }

    private record WhereAmI() implements Callable<List<String>>, Serializable {
        @Override
        public List<String> call() {
            return List.of(
                    Thread.currentThread().getName(),
                    String.valueOf(TENANT.get()),
                    String.valueOf(Task.current()));
        }
    }

    @Test
    void contextAndTheCurrentTask_stayOnTheCaller() {
        TENANT.set("acme");
        List<String> there;
        try (TaskScope scope =
                TaskScope.builder()
                        .name("test")
                        .contextPropagator(ContextPropagator.of(TENANT))
                        .open()) {
            assertEquals("acme", scope.start(TENANT::get).join());
            there =
                    scope.gatherAsync(List.of(0), turn -> caller.submit(new WhereAmI(), turn))
                            .all()
                            .join()
                            .get(0);
        } finally {
            TENANT.remove();
        }
        assertTrue(there.get(0).startsWith("hz."), there.toString());
        assertEquals(List.of("null", "null"), there.subList(1, 3));
    }

    @SuppressWarnings("serial") // on purpose
    private record Threads(Thread notSerializable) implements Callable<String>, Serializable {
        @Override
        public String call() {
            return "";
        }
    }

    @Test
    void aBodyThatCannotTravel_failsItsChildAtOnce() {
        Throwable failure = failureOf(new Threads(Thread.currentThread()));
        assertInstanceOf(HazelcastSerializationException.class, failure);
        assertTrue(failure.getMessage().contains(Threads.class.getName()), failure.toString());
    }

    private record Unserializable() implements Callable<Object>, Serializable {
        @Override
        public Object call() {
            return new Object();
        }
    }

    @Test
    void aResultThatCannotTravel_failsItsChild() {
        assertInstanceOf(HazelcastSerializationException.class, failureOf(new Unserializable()));
    }

    @SuppressWarnings("serial") // on purpose
    private static final class StuckException extends Exception {
        private final Object notSerializable = new Object();

        StuckException() {
            super("stuck");
        }
    }

    private record FailsWith(boolean travels) implements Callable<String>, Serializable {
        @Override
        public String call() throws Exception {
            throw travels ? new IOException("no disk") : new StuckException();
        }
    }

    @Test
    void anExceptionTravels_withItsMessage() {
        Throwable failure = failureOf(new FailsWith(true));
        assertInstanceOf(IOException.class, failure);
        assertEquals("no disk", failure.getMessage());
    }

    @Test
    void anExceptionThatCannotTravel_isReplaced() {
        assertInstanceOf(HazelcastSerializationException.class, failureOf(new FailsWith(false)));
    }

    private record Fails() implements Callable<String>, Serializable {
        @Override
        public String call() {
            throw new AssertionError("an error");
        }
    }

    @Test
    void anErrorTravelsToo() {
        assertInstanceOf(AssertionError.class, failureOf(new Fails()));
    }

    /** A body that cleans up at a gate after an interrupt. */
    private record SlowToStop(int port) implements Callable<String>, Serializable {
        @Override
        public String call() throws IOException, InterruptedException {
            try {
                Gate.Knock.at(port, HeldBody.BEGUN, "-", "-");
            } catch (ClosedByInterruptException e) {
                Thread.interrupted();
                Gate.Knock.at(port, "cleans-up", "-", "-");
                Gate.Knock.report(port, "stopped", "-", "-");
            }
            return "";
        }
    }

    @Test
    void aCancelledChild_endsBeforeTheBodyOnTheMemberHasStopped() throws Exception {
        try (Gate gate = new Gate()) {
            int port = gate.port();
            Future<List<String>> group;
            try (TaskScope scope = LEAKS.open()) {
                group =
                        scope.gatherAsync(
                                        List.of(0),
                                        turn -> caller.submit(new SlowToStop(port), turn))
                                .all();
                gate.next(HeldBody.BEGUN);
                group.cancelAndJoin("enough");
            }
            assertTrue(group.isCancelled());
            // The body is still there, although its scope is closed.
            gate.next("cleans-up").letIn();
            gate.next("stopped");
        }
    }

    /** The static latch works because all members are in this JVM. */
    private static final CountDownLatch OPEN = new CountDownLatch(1);

    private record Waits() implements Callable<String>, Serializable {
        @Override
        public String call() throws InterruptedException {
            OPEN.await();
            return "";
        }
    }

    @Test
    void aChildThatWaitsForAMember_holdsNoThread() throws Exception {
        Member member = caller.hazelcast().getCluster().getLocalMember();
        java.util.concurrent.Future<String> plain =
                caller.hazelcast()
                        .getExecutorService(Cluster.EXECUTOR)
                        .submitToMember(new Waits(), member);
        // So Future.fromBlocking follows it as Future.from does.
        assertInstanceOf(CompletionStage.class, plain);
        assertFalse(plain.isDone());
        OPEN.countDown();
        assertEquals("", plain.get());
    }
}
