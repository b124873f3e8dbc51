package io.github.coro4j.android;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.google.android.gms.tasks.CancellationTokenSource;
import com.google.android.gms.tasks.Task;
import com.google.android.gms.tasks.TaskCompletionSource;
import com.google.android.gms.tasks.Tasks;
import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.TaskScope;
import java.io.IOException;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

/** Tasks of Play services, both ways. */
@RunWith(RobolectricTestRunner.class)
public class PlayTasksTest {
    @After
    public void nothingIsLeft() {
        MainLooper.idleUntilNothingRuns();
    }

    @Test
    public void everyEndOfATaskArrives() {
        IOException broken = new IOException("broken");
        Future<String> value = PlayTasks.from(Tasks.forResult("text"));
        Future<String> failure = PlayTasks.from(Tasks.forException(broken));
        Future<String> cancelled = PlayTasks.from(Tasks.forCanceled());
        MainLooper.idleUntil(() -> value.isDone() && failure.isDone() && cancelled.isDone());
        assertEquals("text", value.result());
        assertSame(broken, failure.exception());
        assertTrue(cancelled.isCancelled());
    }

    @Test
    public void aCancelReachesTheTaskThroughItsSource() {
        CancellationTokenSource source = new CancellationTokenSource();
        TaskCompletionSource<String> task = new TaskCompletionSource<>(source.getToken());
        Future<String> future = PlayTasks.from(task.getTask(), source);
        future.cancel("left");
        MainLooper.idleUntil(task.getTask()::isCanceled);

        TaskCompletionSource<String> other = new TaskCompletionSource<>();
        PlayTasks.from(other.getTask()).cancel("left");
        MainLooper.idle();
        assertFalse("without its source, a task goes on", other.getTask().isComplete());
    }

    @Test
    public void everyEndOfAFutureArrives() {
        IOException broken = new IOException("broken");
        AssertionError error = new AssertionError("broken");
        Promise<String> promise = Promise.create();
        Task<String> value = PlayTasks.of(promise);
        assertFalse(value.isComplete());
        promise.complete("text");
        Task<String> failure = PlayTasks.of(Future.failed(broken));
        Task<String> failedByAnError = PlayTasks.of(Future.failed(error));
        Task<String> cancelled = PlayTasks.of(Future.cancelled("left"));
        MainLooper.idleUntil(
                () ->
                        value.isComplete()
                                && failure.isComplete()
                                && failedByAnError.isComplete()
                                && cancelled.isComplete());
        assertEquals("text", value.getResult());
        assertSame(broken, failure.getException());
        assertSame(error, failedByAnError.getException().getCause());
        assertTrue(cancelled.isCanceled());
    }

    @Test
    public void aTokenInterruptsTheBody() throws Exception {
        CancellationTokenSource source = new CancellationTokenSource();
        BlockedBody body = new BlockedBody();
        TaskScope scope = TaskScope.open("page");
        Task<Void> task = PlayTasks.of(scope.launch(body), source.getToken());
        body.awaitBegun();
        source.cancel();
        MainLooper.idleUntil(task::isComplete);
        assertTrue(task.isCanceled());
        assertTrue(body.wasInterrupted());
        scope.close();
    }

    @Test
    public void badArgumentsAreRefusedAtOnce() {
        assertEquals(
                "task must not be null: nothing was converted",
                assertThrows(NullPointerException.class, () -> PlayTasks.from(null)).getMessage());
        assertThrows(NullPointerException.class, () -> PlayTasks.of(null));
        assertThrows(
                NullPointerException.class, () -> PlayTasks.from(Tasks.forResult("text"), null));
        assertThrows(
                NullPointerException.class, () -> PlayTasks.of(Future.completed("text"), null));
    }
}
