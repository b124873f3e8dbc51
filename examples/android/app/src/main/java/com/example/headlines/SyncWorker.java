package com.example.headlines;

import android.content.Context;
import androidx.work.Data;
import androidx.work.ExistingPeriodicWorkPolicy;
import androidx.work.PeriodicWorkRequest;
import androidx.work.WorkManager;
import androidx.work.WorkerParameters;
import io.github.coro4j.TaskScope;
import io.github.coro4j.android.TaskWorker;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Loads the headlines in the background, once an hour. */
public class SyncWorker extends TaskWorker {
    static final String WORK = "sync";
    static final String HEADLINES = "headlines";

    private static final int AT_ONCE = 5;

    public SyncWorker(Context context, WorkerParameters parameters) {
        super(context, parameters);
    }

    static void schedule(Context context) {
        WorkManager.getInstance(context)
                .enqueueUniquePeriodicWork(
                        WORK,
                        ExistingPeriodicWorkPolicy.KEEP,
                        new PeriodicWorkRequest.Builder(SyncWorker.class, 1, TimeUnit.HOURS)
                                .build());
    }

    @Override
    protected Result doWork(TaskScope scope) {
        try {
            List<String> headlines =
                    scope.gather(Sources.all(), Source::headline)
                            .concurrency(AT_ONCE)
                            .failFast()
                            .join();
            return Result.success(
                    new Data.Builder()
                            .putStringArray(HEADLINES, headlines.toArray(new String[0]))
                            .build());
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException) {
                return Result.retry(); // A source is unreachable. WorkManager tries again later.
            }
            throw e;
        }
    }
}
