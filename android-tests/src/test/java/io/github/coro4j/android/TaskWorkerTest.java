package io.github.coro4j.android;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import android.content.Context;
import androidx.work.Data;
import androidx.work.ListenableWorker.Result;
import androidx.work.OneTimeWorkRequest;
import androidx.work.WorkInfo;
import androidx.work.WorkManager;
import androidx.work.WorkerParameters;
import androidx.work.testing.TestListenableWorkerBuilder;
import androidx.work.testing.WorkManagerTestInitHelper;
import com.google.common.util.concurrent.ListenableFuture;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.ThrowingFunction;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;

/** A worker whose body blocks, starts and gathers, run by WorkManager. */
@RunWith(RobolectricTestRunner.class)
public class TaskWorkerTest {
    private static volatile ThrowingFunction<TaskScope, Result> body;

    public static final class Worker extends TaskWorker {
        public Worker(Context context, WorkerParameters parameters) {
            super(context, parameters);
        }

        @Override
        protected Result doWork(TaskScope scope) throws Exception {
            return body.apply(scope);
        }
    }

    private final Context context = RuntimeEnvironment.getApplication();
    private boolean hasManager;

    @After
    public void nothingIsLeft() {
        MainLooper.idleUntilNothingRuns();
        if (hasManager) {
            WorkManagerTestInitHelper.closeWorkDatabase();
        }
    }

    private Worker worker() {
        return TestListenableWorkerBuilder.from(context, Worker.class).build();
    }

    private static Result resultOf(Worker worker) throws Exception {
        ListenableFuture<Result> work = worker.startWork();
        MainLooper.idleUntil(work::isDone);
        return work.get(1, TimeUnit.MINUTES);
    }

    @Test
    public void theBodyGathersAndReturnsAResult() throws Exception {
        body =
                scope -> {
                    List<Integer> sizes =
                            scope.gather(List.of("a", "bb"), String::length).all().join();
                    return Result.success(new Data.Builder().putInt("sizes", sizes.size()).build());
                };
        Result result = resultOf(worker());
        assertEquals(2, result.getOutputData().getInt("sizes", 0));
    }

    @Test
    public void theWorkIsOverWhenItsTasksHaveEnded() throws Exception {
        AtomicInteger ended = new AtomicInteger();
        body =
                scope -> {
                    for (int task = 0; task < 10; task++) {
                        scope.launch(ended::incrementAndGet);
                    }
                    return Result.success();
                };
        assertEquals(Result.success(), resultOf(worker()));
        assertEquals(10, ended.get());
    }

    @Test
    public void retryAndFailureArePassedOn() throws Exception {
        body = scope -> Result.retry();
        assertEquals(Result.retry(), resultOf(worker()));
        body = scope -> Result.failure();
        assertEquals(Result.failure(), resultOf(worker()));
    }

    @Test
    public void anExceptionIsTheFailureOfTheWork() {
        IOException broken = new IOException("broken");
        body =
                scope -> {
                    throw broken;
                };
        ListenableFuture<Result> work = worker().startWork();
        MainLooper.idleUntil(work::isDone);
        assertEquals(broken, assertThrows(ExecutionException.class, work::get).getCause());
    }

    @Test
    public void aNullResultNamesTheWorker() {
        body = scope -> null;
        ListenableFuture<Result> work = worker().startWork();
        MainLooper.idleUntil(work::isDone);
        assertEquals(
                "doWork of io.github.coro4j.android.TaskWorkerTest$Worker must not return null: return Result.success(), "
                        + "retry() or failure()",
                assertThrows(ExecutionException.class, work::get).getCause().getMessage());
    }

    @Test
    public void aWorkerThatIsStoppedBeforeItStartsDoesNothing() {
        body =
                scope -> {
                    throw new AssertionError("the body must not run");
                };
        Worker worker = worker();
        worker.stop(0);
        ListenableFuture<Result> work = worker.startWork();
        assertTrue(work.isCancelled());
    }

    private WorkManager manager() {
        WorkManagerTestInitHelper.initializeTestWorkManager(context);
        hasManager = true;
        return WorkManager.getInstance(context);
    }

    @Test
    public void theManagerRunsTheWorker() throws Exception {
        body = scope -> Result.success(new Data.Builder().putString("text", "done").build());
        WorkManager manager = manager();
        OneTimeWorkRequest request = new OneTimeWorkRequest.Builder(Worker.class).build();
        manager.enqueue(request);
        WorkInfo info = await(manager, request, WorkInfo.State.SUCCEEDED);
        assertEquals("done", info.getOutputData().getString("text"));
    }

    @Test
    public void aStopInterruptsAllThatTheBodyHasStarted() throws Exception {
        CountDownLatch begun = new CountDownLatch(3);
        CountDownLatch interrupted = new CountDownLatch(3);
        body =
                scope -> {
                    scope.launch("launched", () -> block(begun, interrupted));
                    scope.gather(List.of(1, 2), item -> block(begun, interrupted)).all().join();
                    return Result.success();
                };
        WorkManager manager = manager();
        OneTimeWorkRequest request = new OneTimeWorkRequest.Builder(Worker.class).build();
        manager.enqueue(request);
        MainLooper.idleUntil(() -> begun.getCount() == 0);

        manager.cancelWorkById(request.getId());

        MainLooper.idleUntil(() -> interrupted.getCount() == 0);
        await(manager, request, WorkInfo.State.CANCELLED);
    }

    private static Task<?> block(CountDownLatch begun, CountDownLatch interrupted)
            throws InterruptedException {
        begun.countDown();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
        }
        return null;
    }

    private static WorkInfo await(
            WorkManager manager, OneTimeWorkRequest request, WorkInfo.State state) {
        WorkInfo[] last = new WorkInfo[1];
        MainLooper.idleUntil(
                () -> {
                    try {
                        last[0] = manager.getWorkInfoById(request.getId()).get();
                        return last[0] != null && last[0].getState() == state;
                    } catch (ExecutionException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
        assertNotNull(last[0]);
        return last[0];
    }
}
