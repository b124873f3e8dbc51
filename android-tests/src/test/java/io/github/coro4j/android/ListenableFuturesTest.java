package io.github.coro4j.android;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import androidx.concurrent.futures.CallbackToFutureAdapter;
import com.google.common.util.concurrent.ListenableFuture;
import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

/** Futures of androidx, both ways. */
@RunWith(RobolectricTestRunner.class)
public class ListenableFuturesTest {
    private final CountDownLatch listened = new CountDownLatch(1);

    @After
    public void nothingIsLeft() {
        MainLooper.idleUntilNothingRuns();
    }

    @Test
    public void aViewHasTheValue() throws Exception {
        Promise<String> page = Promise.create();
        ListenableFuture<String> view = ListenableFutures.of(page);
        view.addListener(listened::countDown, Runnable::run);
        assertFalse(view.isDone());
        page.complete("text");
        assertTrue(view.isDone());
        assertEquals("text", view.get());
        listened.await();
        CountDownLatch late = new CountDownLatch(1);
        view.addListener(late::countDown, Runnable::run);
        late.await();
    }

    @Test
    public void aViewHasTheFailure() {
        IOException broken = new IOException("broken");
        ListenableFuture<String> view = ListenableFutures.of(Future.failed(broken));
        assertSame(broken, assertThrows(ExecutionException.class, view::get).getCause());
    }

    @Test
    public void aViewHasTheCancel() {
        ListenableFuture<String> view = ListenableFutures.of(Future.cancelled("left"));
        assertTrue(view.isCancelled());
        assertThrows(CancellationException.class, view::get);
    }

    @Test
    public void anyCancelOfTheViewInterruptsTheBody() throws Exception {
        TaskScope scope = TaskScope.open("page");
        BlockedBody body = new BlockedBody();
        Task<Void> task = scope.launch(body);
        body.awaitBegun();
        ListenableFuture<Void> view = ListenableFutures.of(task);
        view.addListener(listened::countDown, Runnable::run);
        assertTrue(view.cancel(false));
        assertTrue(view.isCancelled());
        listened.await();
        MainLooper.idleUntil(task::isDone);
        assertTrue(body.wasInterrupted());
        scope.close();
    }

    @Test
    public void aListenerThatIsRefusedDoesNotHideTheOthers() throws Exception {
        Promise<String> page = Promise.create();
        ListenableFuture<String> view = ListenableFutures.of(page);
        view.addListener(
                () -> {},
                work -> {
                    throw new RejectedExecutionException("shut down");
                });
        view.addListener(listened::countDown, Runnable::run);
        page.complete("text");
        listened.await();
    }

    @Test
    public void whatAndroidxMakesBecomesAFuture() {
        Future<String> page =
                ListenableFutures.from(
                        CallbackToFutureAdapter.getFuture(completer -> completer.set("text")));
        MainLooper.idleUntil(page::isDone);
        assertEquals("text", page.result());

        IOException broken = new IOException("broken");
        Future<String> failed =
                ListenableFutures.from(
                        CallbackToFutureAdapter.getFuture(
                                completer -> completer.setException(broken)));
        MainLooper.idleUntil(failed::isDone);
        assertSame(broken, failed.exception());
    }

    @Test
    public void aCancelReachesBothSides() throws Exception {
        AtomicReference<CallbackToFutureAdapter.Completer<String>> completer =
                new AtomicReference<>();
        ListenableFuture<String> given =
                CallbackToFutureAdapter.getFuture(
                        made -> {
                            completer.set(made);
                            return "page";
                        });
        given.addListener(listened::countDown, Runnable::run);
        Future<String> page = ListenableFutures.from(given);
        page.cancel("left");
        listened.await();
        assertTrue(given.isCancelled());

        ListenableFuture<String> other =
                CallbackToFutureAdapter.getFuture(
                        made -> {
                            completer.set(made);
                            return "page";
                        });
        Future<String> followed = ListenableFutures.from(other);
        other.cancel(true);
        MainLooper.idleUntil(followed::isDone);
        assertTrue(followed.isCancelled());
    }

    @Test
    public void badArgumentsAreRefusedAtOnce() {
        assertThrows(NullPointerException.class, () -> ListenableFutures.of(null));
        assertThrows(NullPointerException.class, () -> ListenableFutures.from(null));
        ListenableFuture<String> view = ListenableFutures.of(Future.completed("text"));
        assertThrows(NullPointerException.class, () -> view.addListener(null, Runnable::run));
        assertThrows(NullPointerException.class, () -> view.addListener(() -> {}, null));
    }
}
