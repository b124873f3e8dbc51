package com.example.headlines;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import android.content.Context;
import androidx.work.WorkInfo;
import androidx.work.WorkManager;
import androidx.work.testing.WorkManagerTestInitHelper;
import io.github.coro4j.android.Coro4jAndroid;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.annotation.Config;

/**
 * Creates the application of the sample. Settings can be applied once in a process, so this class has one test, and its
 * packages to instrument differ from those of other tests: Robolectric then loads Coro4j once more.
 */
@RunWith(RobolectricTestRunner.class)
@Config(
        application = HeadlinesApplicationTest.TestedApplication.class,
        instrumentedPackages = "com.example.headlines.application")
public class HeadlinesApplicationTest {
    @Test
    public void theApplicationAppliesItsSettingsAndSchedulesTheWork() throws Exception {
        // A second application of settings is refused, and the first was not.
        assertThrows(IllegalStateException.class, () -> Coro4jAndroid.settings().apply());

        Context context = RuntimeEnvironment.getApplication();
        List<WorkInfo> work =
                WorkManager.getInstance(context)
                        .getWorkInfosForUniqueWork(SyncWorker.WORK)
                        .get(10, TimeUnit.SECONDS);
        assertEquals(1, work.size());
        AppRule.awaitNoTasks();
        WorkManagerTestInitHelper.closeWorkDatabase();
    }

    /** Initializes WorkManager, which a content provider does in the app. */
    public static final class TestedApplication extends HeadlinesApplication {
        @Override
        public void onCreate() {
            Sources.replace(List.of(TestSource.answering("a")));
            WorkManagerTestInitHelper.initializeTestWorkManager(this);
            super.onCreate();
        }
    }
}
