package io.github.coro4j.android;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import android.content.pm.ApplicationInfo;
import io.github.coro4j.BlockingGuard.Answer;
import io.github.coro4j.BlockingRefusedException;
import io.github.coro4j.DeadlockException;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;

/** The main thread does not block: in a debuggable application a wait throws, and elsewhere it is logged. */
@RunWith(RobolectricTestRunner.class)
public class MainThreadGuardTest {
    private static final Logger LOGGER = Logger.getLogger("io.github.coro4j");

    private final ApplicationInfo application =
            RuntimeEnvironment.getApplication().getApplicationInfo();
    private final int flags = application.flags;
    private final List<LogRecord> logged = new ArrayList<>();
    private final Handler recorder =
            new Handler() {
                @Override
                public synchronized void publish(LogRecord line) {
                    logged.add(line);
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };

    @Before
    public void record() {
        LOGGER.addHandler(recorder);
    }

    @After
    public void nothingIsLeft() {
        LOGGER.removeHandler(recorder);
        application.flags = flags;
        MainLooper.idleUntilNothingRuns();
    }

    private TaskScope open(Answer answer) {
        return TaskScope.builder()
                .name("page")
                .callbackExecutor(MainThread.executor())
                .blockingGuard(new MainThreadGuard(answer))
                .open();
    }

    @Test
    public void aWaitThrowsInADebuggableApplication() throws Exception {
        application.flags |= ApplicationInfo.FLAG_DEBUGGABLE;
        assertEquals(Answer.REFUSE, new MainThreadGuard().mayBlock("task \"load\""));
    }

    @Test
    public void aWaitIsLoggedInAnyOther() {
        application.flags &= ~ApplicationInfo.FLAG_DEBUGGABLE;
        assertEquals(Answer.WARN, new MainThreadGuard().mayBlock("task \"load\""));
    }

    @Test
    public void otherThreadsMayWait() throws Exception {
        application.flags |= ApplicationInfo.FLAG_DEBUGGABLE;
        assertEquals(
                Answer.ALLOW,
                MainLooper.elsewhere(() -> new MainThreadGuard().mayBlock("task \"load\"")));
    }

    @Test
    public void theGuardNeedsNoCode() {
        CountDownLatch gate = new CountDownLatch(1);
        Task<Void> task = TaskScope.global().launch("load", gate::await);
        // The answer depends on a flag of the application, which this test does not set.
        try {
            task.join(java.time.Duration.ofMillis(1));
        } catch (BlockingRefusedException refused) {
            assertTrue(refused.getMessage(), refused.getMessage().contains("task \"load\""));
            gate.countDown();
            return;
        } catch (java.util.concurrent.TimeoutException e) {
            assertFalse("a warning was logged: " + logged, logged.isEmpty());
        } finally {
            gate.countDown();
        }
    }

    @Test
    public void everyWaitOnTheMainThreadIsRefused() throws Exception {
        TaskScope scope = open(Answer.REFUSE);
        CountDownLatch gate = new CountDownLatch(1);
        Task<Void> task = scope.launch("load", gate::await);

        assertThrows(BlockingRefusedException.class, task::join);
        assertThrows(BlockingRefusedException.class, task::get);
        assertThrows(BlockingRefusedException.class, () -> task.get(1, TimeUnit.DAYS));
        assertThrows(BlockingRefusedException.class, () -> task.toCompletableFuture().get());
        assertThrows(BlockingRefusedException.class, () -> ListenableFutures.of(task).get());
        assertThrows(BlockingRefusedException.class, scope::join);
        assertThrows(BlockingRefusedException.class, scope::close);

        gate.countDown();
        MainLooper.idleUntil(task::isDone);
    }

    /** The body waits for the main thread, and the main thread would wait for the body. */
    @Test
    public void aBodyThatNeedsTheMainThreadIsNotWaitedForThere() {
        TaskScope scope = open(Answer.REFUSE);
        Task<String> body =
                scope.start(
                        "asks the view",
                        () -> {
                            Promise<String> text = Promise.create();
                            MainThread.executor().execute(() -> text.complete("typed"));
                            return text.join();
                        });
        assertThrows(BlockingRefusedException.class, body::join);
        MainLooper.idleUntil(body::isDone);
        assertEquals("typed", body.result());
        scope.closeAsync("over");
    }

    /** Without the guard, such a close would never return. */
    @Test
    public void aCloseThatNeedsTheMainThreadForACallbackThrows() {
        TaskScope scope = open(Answer.ALLOW);
        AtomicBoolean called = new AtomicBoolean();
        scope.launch("load", () -> {}).addDoneCallback(done -> called.set(true));

        assertThrows(DeadlockException.class, scope::close);

        MainLooper.idleUntil(called::get);
    }

    /** The view is done with the future, although the callback executor is the waiting main thread. */
    @Test
    public void aViewIsReadOnTheMainThreadWhenItsTaskIsDone() throws Exception {
        TaskScope scope = open(Answer.ALLOW);
        CountDownLatch gate = new CountDownLatch(1);
        Task<String> task =
                scope.start(
                        "load",
                        () -> {
                            gate.await();
                            return "text";
                        });
        new Thread(gate::countDown).start();
        assertEquals("text", task.toCompletableFuture().get(30, TimeUnit.SECONDS));
        assertEquals("text", ListenableFutures.of(task).get(30, TimeUnit.SECONDS));
        scope.closeAsync("over");
    }

    @Test
    public void anAnswerIsNeeded() {
        assertEquals(
                "answer must not be null: leave it out for the default answer",
                assertThrows(NullPointerException.class, () -> new MainThreadGuard(null))
                        .getMessage());
    }
}
