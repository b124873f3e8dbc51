package io.github.coro4j.examples.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A cluster that is not there, and wrong arguments: each gets a message that says what to do. */
@Timeout(120)
class ClusterMissingTest {
    @RegisterExtension static final NothingLeaks LEAKS = new NothingLeaks();

    @TempDir Path root;

    @Test
    void aClusterThatIsNotThere() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        String message = messageOf(2, "--join", "127.0.0.1:" + closed, root.toString());
        assertTrue(
                message.startsWith(
                        "cluster-digest: cluster 'coro4j-digest' has 1 of 3 members, this one (127.0.0.1:"),
                message);
        assertTrue(message.contains("Start the others first with ClusterMember"), message);
    }

    @Test
    void wrongArguments() throws Exception {
        String directory = root.toString();
        String file = Files.createFile(root.resolve("file")).toString();
        List<String[]> wrong =
                List.of(
                        new String[] {"DIRECTORY is missing. usage:"},
                        new String[] {file + " is not a directory. Pass one", file},
                        new String[] {"are two directories. Pass one.", directory, directory},
                        new String[] {"there is no option --fast. usage:", "--fast"},
                        new String[] {"--at-once needs a value. usage:", "--at-once"},
                        new String[] {"--at-once 0 is wrong. Pass a whole", "--at-once", "0"},
                        new String[] {"--timeout x is wrong. Pass a whole", "--timeout", "x"},
                        new String[] {"--hedge-after -1 is wrong.", "--hedge-after", "-1"},
                        new String[] {
                            "--join here is no address. Pass HOST:PORT", "--join", "here"
                        });
        for (String[] each : wrong) {
            String[] args = List.of(each).subList(1, each.length).toArray(String[]::new);
            String message = messageOf(2, args);
            assertTrue(message.startsWith("cluster-digest: "), message);
            assertTrue(message.contains(each[0]), message + " instead of " + each[0]);
        }
    }

    private static String messageOf(int code, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        assertEquals(code, ClusterDigest.run(new PrintStream(out), new PrintStream(err), args));
        assertEquals("", out.toString());
        return err.toString();
    }
}
