package io.github.coro4j.android;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotSame;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import android.content.res.Configuration;
import androidx.activity.ComponentActivity;
import androidx.lifecycle.ViewModel;
import androidx.lifecycle.ViewModelProvider;
import androidx.lifecycle.ViewModelStore;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.util.concurrent.CountDownLatch;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.android.controller.ActivityController;

/** A scope of a view model survives a rotation, and ends when the user leaves. */
@RunWith(RobolectricTestRunner.class)
public class ViewModelScopeTest {
    public static final class Model extends ViewModel {
        final TaskScope scope = LifecycleScopes.open(this, "model");
    }

    @After
    public void nothingIsLeft() {
        MainLooper.idleUntilNothingRuns();
    }

    private static Model model(ViewModelStore store) {
        return new ViewModelProvider(store, new ViewModelProvider.NewInstanceFactory())
                .get(Model.class);
    }

    @Test
    public void theWorkSurvivesARotation() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        Task<String> task;
        try (ActivityController<ComponentActivity> controller =
                Robolectric.buildActivity(ComponentActivity.class)) {
            ComponentActivity first = controller.setup().get();
            Model model = model(first.getViewModelStore());
            task =
                    model.scope.start(
                            () -> {
                                begun.countDown();
                                gate.await();
                                return "loaded";
                            });
            begun.await();
            Configuration rotated =
                    new Configuration(
                            RuntimeEnvironment.getApplication().getResources().getConfiguration());
            rotated.orientation = Configuration.ORIENTATION_LANDSCAPE;
            controller.configurationChange(rotated);
            assertNotSame(first, controller.get());
            assertSame(model, model(controller.get().getViewModelStore()));
            assertTrue(model.scope.isOpen());
            assertFalse(task.isCancelling());
            gate.countDown();
            MainLooper.idleUntil(task::isDone);
        }
        assertEquals("loaded", task.result());
    }

    @Test
    public void leavingCancelsTheWork() throws Exception {
        ViewModelStore store = new ViewModelStore();
        Model model = model(store);
        CountDownLatch begun = new CountDownLatch(1);
        Task<Void> task =
                model.scope.launch(
                        () -> {
                            begun.countDown();
                            new CountDownLatch(1).await();
                        });
        begun.await();
        store.clear();
        assertFalse(model.scope.isOpen());
        MainLooper.idleUntil(task::isDone);
        assertTrue(task.isCancelled());
    }

    @Test
    public void aClearedModelGetsNoOpenScope() {
        ViewModelStore store = new ViewModelStore();
        Model model = model(store);
        store.clear();
        IllegalStateException refused =
                assertThrows(
                        IllegalStateException.class, () -> LifecycleScopes.open(model, "late"));
        assertEquals(
                "the view model, a io.github.coro4j.android.ViewModelScopeTest$Model, is cleared, so scope \"late\" was "
                        + "closed; open it in the constructor of the view model",
                refused.getMessage());
    }

    @Test
    public void badArgumentsAreRefusedAtOnce() throws Exception {
        ViewModel model = new ViewModel() {};
        assertEquals(
                "model must not be null: no scope was opened",
                assertThrows(
                                NullPointerException.class,
                                () -> LifecycleScopes.open((ViewModel) null, "page"))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> LifecycleScopes.open(model, ""));
        assertTrue(
                MainLooper.elsewhere(() -> LifecycleScopes.open(model, "page"))
                        instanceof IllegalStateException);
    }
}
