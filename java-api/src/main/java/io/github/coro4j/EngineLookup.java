package io.github.coro4j;

import static io.github.coro4j.spi.BuildInfo.seeError;

import io.github.coro4j.spi.BuildInfo;
import io.github.coro4j.spi.Engine;
import io.github.coro4j.spi.EngineOptions;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Finds the engine when it is first used. A static initializer would report a failure in full only the first time, and
 * every caller must get the same message.
 */
final class EngineLookup {
    private static volatile @Nullable Engine engine;

    /** The engine whose services are perhaps not looked up yet. Guarded by the class, like the next two fields. */
    private static @Nullable Engine made;

    private static @Nullable Throwable madeAt;

    private static @Nullable Throwable appliedAt;

    private EngineLookup() {}

    static Engine engine() {
        Engine found = engine;
        return found != null ? found : find();
    }

    private static Engine find() {
        Engine found = make();
        // Wait outside the lock: a service that calls engine() on the lookup thread must reach
        // awaitServices, which throws. With the lock held, both threads would wait for ever.
        found.awaitServices();
        engine = found;
        return found;
    }

    private static synchronized Engine make() {
        Engine found = made;
        if (found == null) {
            Engine known = known();
            // This exact form of the call is the one that R8 can follow on Android.
            found =
                    known != null
                            ? known
                            : one(
                                    ServiceLoader.load(Engine.class, Engine.class.getClassLoader())
                                            .iterator());
            made = found;
            madeAt = new Throwable("the first use of Coro4j, on thread \"" + threadName() + "\"");
        }
        return found;
    }

    static synchronized void apply(EngineOptions options) {
        if (made != null) {
            throw new IllegalStateException(
                    "The settings were not applied, because the engine has started: the cause shows where. Apply settings "
                            + "before the first use of Coro4j, for example at the start of main. "
                            + seeError("settings-too-late"),
                    madeAt);
        }
        if (appliedAt != null) {
            throw new IllegalStateException(
                    "The settings were not applied, because other settings were applied before: the cause shows where. "
                            + "Apply all settings in one place. "
                            + seeError("settings-too-late"),
                    appliedAt);
        }
        EngineOptions.choose(options);
        appliedAt = new Throwable("the first settings, on thread \"" + threadName() + "\"");
    }

    private static String threadName() {
        return Thread.currentThread().getName();
    }

    /**
     * Returns the engine of this library, or null if it is not here or not accessible. Reading a service file takes
     * milliseconds, and Android's StrictMode reports it as disk access of the main thread. This module
     * cannot depend on the class of the engine, so it uses reflection. {@code EngineByNameTest} breaks if the class gets another name.
     */
    private static @Nullable Engine known() {
        try {
            return (Engine)
                    Class.forName("io.github.coro4j.internal.engine.KotlinEngine")
                            .getConstructor()
                            .newInstance();
        } catch (InvocationTargetException e) {
            // The engine throws this itself if a library that it needs is too old.
            if (e.getCause() instanceof IllegalStateException) {
                throw (IllegalStateException) e.getCause();
            }
            throw unusable(e.getCause());
        } catch (LinkageError e) {
            throw unusable(e);
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    private static Engine one(Iterator<Engine> engines) {
        List<Engine> found = new ArrayList<>();
        try {
            while (engines.hasNext()) {
                found.add(engines.next());
            }
        } catch (ServiceConfigurationError e) {
            // The engine throws this itself if a library that it needs is too old.
            if (e.getCause() instanceof IllegalStateException) {
                throw (IllegalStateException) e.getCause();
            }
            throw unusable(e);
        } catch (LinkageError e) {
            throw unusable(e);
        }
        if (found.isEmpty()) {
            throw new IllegalStateException(
                    "No engine: coro4j-api "
                            + BuildInfo.version()
                            + " found no implementation of "
                            + Engine.class.getName()
                            + ". Add the artifact io.github.coro4j:coro4j:"
                            + BuildInfo.version()
                            + " to the run-time class path or module path. "
                            + seeError("no-engine"));
        }
        if (found.size() > 1) {
            StringBuilder text =
                    new StringBuilder("Two engines: coro4j-api " + BuildInfo.version() + " found");
            for (Engine each : found) {
                text.append("\n  ")
                        .append(each.getClass().getName())
                        .append(" in ")
                        .append(location(each));
            }
            throw new IllegalStateException(
                    text.append("\nKeep the one whose version is ")
                            .append(BuildInfo.version())
                            .append(" and remove the others. " + seeError("two-engines"))
                            .toString());
        }
        return found.get(0);
    }

    private static IllegalStateException unusable(Throwable error) {
        return new IllegalStateException(
                "No usable engine: the engine on the class path cannot be loaded, because of "
                        + error
                        + ". Add or upgrade kotlin-stdlib and kotlinx-coroutines-core. "
                        + seeError("old-kotlin"),
                error);
    }

    private static String location(Engine engine) {
        ProtectionDomain domain = engine.getClass().getProtectionDomain();
        CodeSource source = domain == null ? null : domain.getCodeSource();
        URL url = source == null ? null : source.getLocation();
        return url == null ? "an unknown place" : url.toString();
    }
}
