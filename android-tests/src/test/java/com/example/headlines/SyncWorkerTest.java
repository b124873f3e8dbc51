package com.example.headlines;

import static com.example.headlines.AppRule.awaitNoTasks;
import static com.example.headlines.AppRule.runMain;
import static com.example.headlines.AppRule.runMainUntil;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import android.app.Application;
import android.content.Context;
import androidx.work.Data;
import androidx.work.ListenableWorker.Result;
import androidx.work.OneTimeWorkRequest;
import androidx.work.WorkInfo;
import androidx.work.WorkManager;
import androidx.work.testing.TestListenableWorkerBuilder;
import androidx.work.testing.WorkManagerTestInitHelper;
import com.google.common.util.concurrent.ListenableFuture;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.annotation.Config;

/** Runs the worker of the sample by itself, and through WorkManager. */
@RunWith(RobolectricTestRunner.class)
@Config(application = Application.class, instrumentedPackages = AppRule.SANDBOX)
public class SyncWorkerTest {
    @Rule public final AppRule app = new AppRule();

    private final Context context = RuntimeEnvironment.getApplication();
    private final List<Source> original = Sources.all();
    private boolean initialized;

    @After
    public void restore() {
        if (initialized) {
            WorkManagerTestInitHelper.closeWorkDatabase();
        }
        Sources.replace(original);
    }

    @Test
    public void aWorkerReturnsTheHeadlines() throws Exception {
        Sources.replace(List.of(TestSource.answering("a"), TestSource.answering("b")));
        Result result = resultOf(worker());
        assertEquals(Result.success(headlines("news of a", "news of b")), result);
    }

    @Test
    public void anUnreachableSourceIsTriedAgainLater() throws Exception {
        TestSource waiting = TestSource.waiting("a");
        Sources.replace(List.of(waiting, TestSource.unreachable("b")));
        assertEquals(Result.retry(), resultOf(worker()));
        assertEquals(waiting.asked.get(), waiting.interrupted.get());
    }

    @Test
    public void aFaultFailsTheWork() throws Exception {
        Sources.replace(List.of(TestSource.faulty("a")));
        ListenableFuture<Result> work = worker().startWork();
        runMainUntil(work::isDone);
        ExecutionException thrown = assertThrows(ExecutionException.class, work::get);
        assertEquals("a fault in a", thrown.getCause().getMessage());
    }

    @Test
    public void aWorkerThatWasStoppedBeforeItsStartDoesNothing() {
        TestSource source = TestSource.answering("a");
        Sources.replace(List.of(source));
        SyncWorker worker = worker();
        worker.stop(WorkInfo.STOP_REASON_CONSTRAINT_CONNECTIVITY);
        ListenableFuture<Result> work = worker.startWork();
        assertTrue(work.isCancelled());
        awaitNoTasks();
        assertEquals(0, source.asked.get());
    }

    @Test
    public void theManagerRunsTheWork() throws Exception {
        Sources.replace(List.of(TestSource.answering("a")));
        WorkManager manager = manager();
        UUID id = enqueue(manager);
        runMainUntil(() -> info(manager, id).getState().isFinished());
        assertEquals(WorkInfo.State.SUCCEEDED, info(manager, id).getState());
        assertEquals(headlines("news of a"), info(manager, id).getOutputData());
    }

    @Test
    public void theManagerKeepsWorkThatIsToBeTriedAgain() throws Exception {
        TestSource source = TestSource.unreachable("a");
        Sources.replace(List.of(source));
        WorkManager manager = manager();
        UUID id = enqueue(manager);
        runMainUntil(
                () ->
                        source.asked.get() == 1
                                && info(manager, id).getState() == WorkInfo.State.ENQUEUED);
        assertEquals(1, info(manager, id).getRunAttemptCount());
    }

    @Test
    public void aStopOfTheSystemInterruptsTheBodiesAndWhatTheyHaveStarted() throws Exception {
        TestSource plain = TestSource.waiting("a");
        TestSource nested = TestSource.waitingInTask("b");
        Sources.replace(List.of(plain, nested));
        WorkManager manager = manager();
        UUID id = enqueue(manager);
        runMainUntil(() -> plain.asked.get() == 1 && nested.asked.get() == 1);
        // Both wait in the gate, one of them in a task that the body has started.
        runMainUntil(() -> plain.waits.get() == 1 && nested.waits.get() == 1);

        manager.cancelWorkById(id).getResult().get(10, TimeUnit.SECONDS);
        awaitNoTasks();
        assertEquals(1, plain.interrupted.get());
        assertEquals(1, nested.interrupted.get());
        assertEquals(WorkInfo.State.CANCELLED, info(manager, id).getState());
    }

    private SyncWorker worker() {
        return TestListenableWorkerBuilder.from(context, SyncWorker.class).build();
    }

    private static Result resultOf(SyncWorker worker) throws Exception {
        ListenableFuture<Result> work = worker.startWork();
        runMainUntil(work::isDone);
        awaitNoTasks();
        return work.get();
    }

    private WorkManager manager() {
        WorkManagerTestInitHelper.initializeTestWorkManager(context);
        initialized = true;
        return WorkManager.getInstance(context);
    }

    private static UUID enqueue(WorkManager manager) throws Exception {
        OneTimeWorkRequest request = new OneTimeWorkRequest.Builder(SyncWorker.class).build();
        manager.enqueue(request).getResult().get(10, TimeUnit.SECONDS);
        runMain();
        return request.getId();
    }

    private static WorkInfo info(WorkManager manager, UUID id) {
        try {
            return manager.getWorkInfoById(id).get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("WorkManager does not know the work", e);
        }
    }

    private static Data headlines(String... lines) {
        return new Data.Builder().putStringArray(SyncWorker.HEADLINES, lines).build();
    }
}
