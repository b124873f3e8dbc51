package io.github.coro4j.examples.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A member in a process of its own.
 *
 * @param process the process, which ends when its standard input does, so it cannot outlive this one
 * @param address the address that it has printed
 */
record MemberProcess(Process process, String address) {
    private static final String READY = "member ";

    static MemberProcess start(String... seeds) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path")));
        command.add(ClusterMember.class.getName());
        command.addAll(List.of(seeds));
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        BufferedReader out = process.inputReader();
        String line = out.readLine();
        if (line == null || !line.startsWith(READY)) {
            process.destroyForcibly();
            throw new IllegalStateException("the member did not start: " + line);
        }
        return new MemberProcess(process, line.substring(READY.length()));
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Ends the member as a user does, and waits until the process has ended. */
    void end() throws IOException, InterruptedException {
        process.getOutputStream().close();
        process.waitFor();
    }
}
