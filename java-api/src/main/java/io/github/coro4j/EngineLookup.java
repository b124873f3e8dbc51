package io.github.coro4j;

import static io.github.coro4j.spi.BuildInfo.seeError;

import io.github.coro4j.spi.BuildInfo;
import io.github.coro4j.spi.Engine;
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

    private EngineLookup() {}

    static Engine engine() {
        Engine found = engine;
        return found != null ? found : find();
    }

    private static synchronized Engine find() {
        Engine found = engine;
        if (found == null) {
            // This exact form of the call is the one that R8 can follow on Android.
            found = one(ServiceLoader.load(Engine.class, Engine.class.getClassLoader()).iterator());
            engine = found;
        }
        return found;
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

    private static IllegalStateException unusable(Error error) {
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
