package io.github.coro4j.android;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotSame;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import android.app.Activity;
import android.content.res.Configuration;
import android.os.Bundle;
import android.view.View;
import androidx.activity.ComponentActivity;
import androidx.lifecycle.DefaultLifecycleObserver;
import androidx.lifecycle.Lifecycle;
import androidx.lifecycle.LifecycleOwner;
import androidx.lifecycle.LifecycleRegistry;
import androidx.lifecycle.ViewModel;
import androidx.lifecycle.ViewModelProvider;
import androidx.lifecycle.ViewModelStore;
import androidx.lifecycle.ViewTreeLifecycleOwner;
import androidx.lifecycle.ViewTreeViewModelStoreOwner;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.android.controller.ActivityController;

@RunWith(RobolectricTestRunner.class)
public class LifecycleTest {
    @Test
    public void aRegistryIsDestroyed() {
        Owner owner = new Owner();
        List<String> events = new ArrayList<>();
        owner.registry.addObserver(
                new DefaultLifecycleObserver() {
                    @Override
                    public void onDestroy(LifecycleOwner destroyed) {
                        events.add("destroyed");
                    }
                });
        owner.registry.setCurrentState(Lifecycle.State.RESUMED);
        owner.registry.setCurrentState(Lifecycle.State.DESTROYED);
        assertEquals(List.of("destroyed"), events);
        assertEquals(Lifecycle.State.DESTROYED, owner.registry.getCurrentState());
    }

    @Test
    public void aStoreKeepsItsViewModelUntilItIsCleared() {
        ViewModelStore store = new ViewModelStore();
        Model model = model(store);
        assertSame(model, model(store));
        assertFalse(model.cleared);

        store.clear();
        assertTrue(model.cleared);
        assertNotSame(model, model(store));
    }

    @Test
    public void aPlainActivityIsCreatedAnewForARotation() {
        try (ActivityController<PlainActivity> controller =
                Robolectric.buildActivity(PlainActivity.class)) {
            PlainActivity first = controller.setup().get();
            controller.configurationChange(landscape());
            assertNotSame(first, controller.get());
            assertTrue(first.isDestroyed());
            assertFalse(first.restored);
            assertTrue(controller.get().restored);
        }
    }

    @Test
    public void aViewModelSurvivesARotationOfItsActivity() {
        Model model;
        ComponentActivity first;
        try (ActivityController<ComponentActivity> controller =
                Robolectric.buildActivity(ComponentActivity.class)) {
            first = controller.setup().get();
            model = model(first.getViewModelStore());
            assertEquals(Lifecycle.State.RESUMED, first.getLifecycle().getCurrentState());

            controller.configurationChange(landscape());
            assertNotSame(first, controller.get());
            assertEquals(Lifecycle.State.DESTROYED, first.getLifecycle().getCurrentState());
            assertSame(model, model(controller.get().getViewModelStore()));
            assertFalse(model.cleared);
        }
        assertTrue(model.cleared);
    }

    @Test
    public void anActivityShowsAView() {
        try (ActivityController<ComponentActivity> controller =
                Robolectric.buildActivity(ComponentActivity.class)) {
            ComponentActivity activity = controller.setup().get();
            View view = new View(activity);
            activity.setContentView(view);
            assertSame(activity, ViewTreeLifecycleOwner.get(view));
            assertSame(activity, ViewTreeViewModelStoreOwner.get(view));
        }
    }

    private static Model model(ViewModelStore store) {
        return new ViewModelProvider(store, new ViewModelProvider.NewInstanceFactory())
                .get(Model.class);
    }

    private static Configuration landscape() {
        Configuration rotated =
                new Configuration(
                        RuntimeEnvironment.getApplication().getResources().getConfiguration());
        rotated.orientation = Configuration.ORIENTATION_LANDSCAPE;
        return rotated;
    }

    /** {@link LifecycleRegistry} wants an owner and holds it weakly. */
    private static final class Owner implements LifecycleOwner {
        final LifecycleRegistry registry = new LifecycleRegistry(this);

        @Override
        public Lifecycle getLifecycle() {
            return registry;
        }
    }

    public static final class Model extends ViewModel {
        boolean cleared;

        @Override
        protected void onCleared() {
            cleared = true;
        }
    }

    public static final class PlainActivity extends Activity {
        boolean restored;

        @Override
        protected void onCreate(Bundle state) {
            super.onCreate(state);
            restored = state != null;
        }
    }
}
