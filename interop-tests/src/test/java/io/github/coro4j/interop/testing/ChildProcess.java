package io.github.coro4j.interop.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a program in a process of its own, with this test's class path and JDK, for limits that hold for a whole JVM. */
public final class ChildProcess {
    /** The exit code and the output of the process. */
    public record End(int code, String printed) {}

    private ChildProcess() {}

    /** Runs the program to its end, or kills the process if it hangs. */
    public static End run(
            int guardMinutes, List<String> options, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        return run(List.of(), guardMinutes, options, main, arguments);
    }

    /** Does the same as the other method, but starts the program by a command that executes its arguments. */
    public static End run(
            List<String> starter,
            int guardMinutes,
            List<String> options,
            Class<?> main,
            String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(starter);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(ChildProcess.class.desiredAssertionStatus() ? "-ea" : "-da");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        CompletableFuture.delayedExecutor(guardMinutes, TimeUnit.MINUTES)
                .execute(process::destroyForcibly);
        // The stream ends with the process, because no other process has its other end.
        String printed =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new End(process.waitFor(), printed);
    }
}
