package io.github.coro4j.android;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.os.Looper;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

@RunWith(RobolectricTestRunner.class)
public class MainThreadTest {
    @Test
    public void postsFromTheMainThreadToo() {
        List<String> order = new ArrayList<>();
        Executor main = MainThread.executor();
        main.execute(() -> order.add("first"));
        main.execute(() -> order.add("second"));
        assertEquals(List.of(), order);

        shadowOf(Looper.getMainLooper()).idle();
        assertEquals(List.of("first", "second"), order);
        assertSame(main, MainThread.executor());
    }

    @Test
    public void runsOnTheMainThreadWhatAnotherThreadSubmits() throws Exception {
        AtomicReference<Thread> ran = new AtomicReference<>();
        Thread other =
                new Thread(
                        () -> MainThread.executor().execute(() -> ran.set(Thread.currentThread())));
        other.start();
        other.join();

        shadowOf(Looper.getMainLooper()).idle();
        assertSame(Looper.getMainLooper().getThread(), ran.get());
    }

    @Test
    public void knowsTheMainThread() throws Exception {
        assertTrue(MainThread.isCurrent());
        assertFalse(CompletableFuture.supplyAsync(MainThread::isCurrent).get());
    }
}
