package io.github.coro4j.dex;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Runs a program on the JDK of the tests, in a process of its own. */
final class Java {
    private static final int GUARD_MINUTES = 10;

    /** The exit code and the output of the process. */
    record End(int code, String printed) {}

    private Java() {}

    /** Runs the program to its end, or kills the process if it hangs. */
    static End run(
            List<String> options, List<Path> classPath, String main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-cp");
        command.add(
                classPath.stream()
                        .map(Path::toString)
                        .collect(Collectors.joining(File.pathSeparator)));
        command.add(main);
        command.addAll(arguments);
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            CompletableFuture.delayedExecutor(GUARD_MINUTES, TimeUnit.MINUTES)
                    .execute(process::destroyForcibly);
            String printed =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new End(process.waitFor(), printed);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
