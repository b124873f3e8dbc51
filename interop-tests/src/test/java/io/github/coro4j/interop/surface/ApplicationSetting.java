package io.github.coro4j.interop.surface;

import io.github.coro4j.interop.testing.NothingLeaks;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Runs code in an application with an engine of its own. */
abstract class ApplicationSetting {
    private static final String PROGRAM =
            """
            package services;

            import io.github.coro4j.*;
            import java.time.Duration;
            import java.util.*;
            import java.util.concurrent.*;

            public class Program {
                public static String run() throws Exception {
                    %s
                }

                static String thrown(Callable<?> call) {
                    try {
                        return "returned " + call.call();
                    } catch (Exception e) {
                        return e.getClass().getSimpleName() + ": " + e.getMessage()
                                + (e.getCause() == null ? "" : " <- " + e.getCause().getMessage());
                    }
                }
            }
            """;

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @TempDir Path folder;

    String run(String code) throws Exception {
        return run(new Application(folder), code);
    }

    String run(Application application, String code) throws Exception {
        application.compile("Program", PROGRAM.formatted(code));
        return application.run("Program");
    }
}
