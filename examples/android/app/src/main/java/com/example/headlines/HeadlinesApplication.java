package com.example.headlines;

import android.app.Application;
import io.github.coro4j.android.Coro4jAndroid;

public class HeadlinesApplication extends Application {
    @Override
    public void onCreate() {
        super.onCreate();
        // Before anything else uses Coro4j. A process creates its application once.
        Coro4jAndroid.settings().poolThreads(16).apply();
        Coro4jAndroid.warmUp();
        SyncWorker.schedule(this);
    }
}
