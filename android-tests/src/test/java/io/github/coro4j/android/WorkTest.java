package io.github.coro4j.android;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.content.Context;
import android.os.Looper;
import androidx.concurrent.futures.CallbackToFutureAdapter;
import androidx.work.Data;
import androidx.work.ListenableWorker;
import androidx.work.OneTimeWorkRequest;
import androidx.work.WorkInfo;
import androidx.work.WorkManager;
import androidx.work.WorkerParameters;
import androidx.work.testing.TestListenableWorkerBuilder;
import androidx.work.testing.WorkManagerTestInitHelper;
import com.google.common.util.concurrent.ListenableFuture;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;

@RunWith(RobolectricTestRunner.class)
public class WorkTest {
    private final Context context = RuntimeEnvironment.getApplication();
    private boolean initialized;

    @After
    public void closeDatabase() {
        if (initialized) {
            WorkManagerTestInitHelper.closeWorkDatabase();
        }
    }

    @Test
    public void aWorkerRunsByItself() throws Exception {
        Echo worker =
                TestListenableWorkerBuilder.from(context, Echo.class)
                        .setInputData(new Data.Builder().putString("text", "hello").build())
                        .build();
        ListenableWorker.Result result = worker.startWork().get(10, TimeUnit.SECONDS);
        assertEquals(
                ListenableWorker.Result.success(
                        new Data.Builder().putString("text", "hello").build()),
                result);
    }

    @Test
    public void theManagerRunsAWorker() throws Exception {
        WorkManager manager = manager();
        OneTimeWorkRequest request =
                new OneTimeWorkRequest.Builder(Echo.class)
                        .setInputData(new Data.Builder().putString("text", "hello").build())
                        .build();
        manager.enqueue(request).getResult().get(10, TimeUnit.SECONDS);
        shadowOf(Looper.getMainLooper()).idle();

        WorkInfo info = manager.getWorkInfoById(request.getId()).get(10, TimeUnit.SECONDS);
        assertEquals(WorkInfo.State.SUCCEEDED, info.getState());
        assertEquals("hello", info.getOutputData().getString("text"));
    }

    @Test
    public void theManagerStopsACancelledWorker() throws Exception {
        Endless.started = new CompletableFuture<>();
        Endless.stopped = new CompletableFuture<>();
        WorkManager manager = manager();
        OneTimeWorkRequest request = new OneTimeWorkRequest.Builder(Endless.class).build();
        manager.enqueue(request).getResult().get(10, TimeUnit.SECONDS);
        shadowOf(Looper.getMainLooper()).idle();
        ListenableFuture<?> work = Endless.started.get(10, TimeUnit.SECONDS);

        manager.cancelWorkById(request.getId()).getResult().get(10, TimeUnit.SECONDS);
        shadowOf(Looper.getMainLooper()).idle();
        assertTrue(work.isCancelled());
        Endless.stopped.get(10, TimeUnit.SECONDS);
        WorkInfo info = manager.getWorkInfoById(request.getId()).get(10, TimeUnit.SECONDS);
        assertEquals(WorkInfo.State.CANCELLED, info.getState());
    }

    private WorkManager manager() {
        WorkManagerTestInitHelper.initializeTestWorkManager(context);
        initialized = true;
        return WorkManager.getInstance(context);
    }

    public static final class Echo extends ListenableWorker {
        public Echo(Context context, WorkerParameters parameters) {
            super(context, parameters);
        }

        @Override
        public ListenableFuture<Result> startWork() {
            return CallbackToFutureAdapter.getFuture(
                    completer -> completer.set(Result.success(getInputData())));
        }
    }

    public static final class Endless extends ListenableWorker {
        static volatile CompletableFuture<ListenableFuture<?>> started;
        static volatile CompletableFuture<Void> stopped;

        /** The future fails when its completer is collected. */
        @SuppressWarnings("unused")
        private CallbackToFutureAdapter.Completer<Result> completer;

        public Endless(Context context, WorkerParameters parameters) {
            super(context, parameters);
        }

        @Override
        public ListenableFuture<Result> startWork() {
            ListenableFuture<Result> work =
                    CallbackToFutureAdapter.getFuture(
                            completer -> {
                                this.completer = completer;
                                return "endless work";
                            });
            started.complete(work);
            return work;
        }

        @Override
        public void onStopped() {
            stopped.complete(null);
        }
    }
}
