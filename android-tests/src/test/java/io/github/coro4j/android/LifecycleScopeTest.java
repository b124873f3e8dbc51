package io.github.coro4j.android;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import android.os.Looper;
import androidx.lifecycle.Lifecycle;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

/** A scope ends with its owner, and the main thread never waits for it. */
@RunWith(RobolectricTestRunner.class)
public class LifecycleScopeTest {
    @After
    public void nothingIsLeft() {
        MainLooper.idleUntilNothingRuns();
    }

    @Test
    public void theDestructionCancelsTheWorkAndDoesNotWaitForIt() throws Exception {
        TestOwner owner = TestOwner.resumed();
        TaskScope scope = LifecycleScopes.open(owner, "page");
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean mayEnd = new AtomicBoolean();
        Task<Void> computes =
                scope.launch(
                        "computes",
                        () -> {
                            begun.countDown();
                            while (!mayEnd.get()) Thread.onSpinWait();
                        });
        begun.await();

        owner.destroy(); // returns although the body goes on

        assertFalse(scope.isOpen());
        assertTrue(computes.isCancelling());
        assertFalse(computes.isDone());
        mayEnd.set(true);
        MainLooper.idleUntil(computes::isDone);
        assertTrue(computes.isCancelled());
        assertTrue(
                computes.outcome().exceptionOrNull().getMessage(),
                computes.outcome()
                        .exceptionOrNull()
                        .getMessage()
                        .contains("the TestOwner was destroyed"));
    }

    @Test
    public void theDestructionInterruptsABodyThatBlocks() throws Exception {
        TestOwner owner = TestOwner.resumed();
        TaskScope scope = LifecycleScopes.open(owner, "page");
        BlockedBody body = new BlockedBody();
        Task<Void> blocked = scope.launch("blocks", body);
        body.awaitBegun();
        owner.destroy();
        MainLooper.idleUntil(blocked::isDone);
        assertTrue(body.wasInterrupted());
    }

    @Test
    public void callbacksOfTheScopeRunOnTheMainThread() {
        TestOwner owner = TestOwner.resumed();
        TaskScope scope = LifecycleScopes.open(owner, "page");
        AtomicReference<Thread> shown = new AtomicReference<>();
        scope.start("page", () -> "text").onSuccess(page -> shown.set(Thread.currentThread()));
        MainLooper.idleUntil(() -> shown.get() != null);
        assertEquals(Looper.getMainLooper().getThread(), shown.get());
        owner.destroy();
    }

    @Test
    public void aScopeOfADestroyedOwnerIsNotOpened() {
        TestOwner owner = TestOwner.resumed();
        owner.destroy();
        IllegalStateException refused =
                assertThrows(
                        IllegalStateException.class, () -> LifecycleScopes.open(owner, "page"));
        assertEquals(
                "the owner, a io.github.coro4j.android.TestOwner, is destroyed: no scope was opened; open the scope in "
                        + "onCreate, or use a ViewModel for work that outlives the owner",
                refused.getMessage());
    }

    @Test
    public void anOwnerThatIsBeingCreatedIsFine() {
        TestOwner owner = new TestOwner(Lifecycle.State.CREATED);
        TaskScope scope = LifecycleScopes.open(owner, "page");
        assertTrue(scope.isOpen());
        owner.destroy();
        assertFalse(scope.isOpen());
    }

    @Test
    public void onlyTheMainThreadOpensAScope() throws Exception {
        TestOwner owner = TestOwner.resumed();
        Object refused =
                MainLooper.elsewhere(
                        () -> {
                            Thread.currentThread().setName("other");
                            return LifecycleScopes.open(owner, "page");
                        });
        assertEquals(
                "java.lang.IllegalStateException: LifecycleScopes.open must be called on the main thread, but was called "
                        + "on thread \"other\": no scope was opened; call it through MainThread.executor()",
                refused.toString());
    }

    @Test
    public void badArgumentsAreRefusedAtOnce() {
        TestOwner owner = TestOwner.resumed();
        assertEquals(
                "owner must not be null: no scope was opened",
                assertThrows(
                                NullPointerException.class,
                                () -> LifecycleScopes.open((TestOwner) null, "page"))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> LifecycleScopes.open(owner, " "));
        assertThrows(NullPointerException.class, () -> LifecycleScopes.open(owner, null));
        owner.destroy();
    }

    @Test
    public void aScopeThatWasClosedEarlierStaysClosed() {
        TestOwner owner = TestOwner.resumed();
        TaskScope scope = LifecycleScopes.open(owner, "page");
        scope.closeAsync("no longer needed");
        IllegalStateException refused =
                assertThrows(IllegalStateException.class, () -> scope.start(() -> "late"));
        assertTrue(refused.getMessage(), refused.getMessage().contains("scope \"page\" is closed"));
        owner.destroy();
    }
}
