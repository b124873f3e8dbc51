package io.github.coro4j.examples;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Programs in processes of their own. */
final class DigestProcess {
    private DigestProcess() {}

    /** A Java program on this test's class path. */
    static Process java(
            Path directory, Map<String, String> environment, Class<?> main, String... args)
            throws IOException {
        return java(List.of(), directory, environment, main, args);
    }

    /** The same, started by a command that ends with executing its arguments. */
    static Process java(
            List<String> starter,
            Path directory,
            Map<String, String> environment,
            Class<?> main,
            String... args)
            throws IOException {
        List<String> command = new ArrayList<>(starter);
        // A shell starts background jobs with SIGINT ignored, and their children inherit that.
        if (answers("env", "--default-signal=INT", "true")) {
            command.addAll(List.of("env", "--default-signal=INT"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        // A thread that reads from a hanging process does not react to an interrupt, so the time
        // limit of the test class could not end it. A sound process has ended long before.
        CompletableFuture.delayedExecutor(90, TimeUnit.SECONDS).execute(process::destroyForcibly);
        return process;
    }

    /** What a shell script printed; the test is skipped where one of the needed programs is missing. */
    static byte[] sh(Path directory, List<String> needs, String script, String... args)
            throws IOException, InterruptedException {
        for (String program : needs) {
            assumeTrue(
                    answers("sh", "-c", "command -v " + program), "this machine has no " + program);
        }
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        byte[] printed = process.getInputStream().readAllBytes();
        int code = process.waitFor();
        if (code != 0) {
            throw new AssertionError(script + " ended with " + code);
        }
        return printed;
    }

    static void interrupt(Process process) throws IOException, InterruptedException {
        sh(Path.of("/"), List.of("kill"), "kill -INT \"$1\"", Long.toString(process.pid()));
    }

    static BufferedReader errLines(Process process) {
        return new BufferedReader(
                new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    }

    private static boolean answers(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while a program was asked for", e);
        }
    }
}
