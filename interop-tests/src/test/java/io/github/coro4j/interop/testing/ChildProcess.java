package io.github.coro4j.interop.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A program in a process of its own, on this test's class path and JDK: for limits that hold for a whole JVM. */
public final class ChildProcess {
    /** How it ended. */
    public record End(int code, String printed) {}

    private ChildProcess() {}

    /** Runs the program to its end; one that hangs is ended by force. */
    public static End run(
            int guardMinutes, List<String> options, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        return run(List.of(), guardMinutes, options, main, arguments);
    }

    /** As {@link #run(int, List, Class, String...)}, started by a command that ends with executing its arguments. */
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
        // Ends with the process: nobody else holds the other end.
        String printed =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new End(process.waitFor(), printed);
    }
}
