package io.github.coro4j.interop.task;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.github.coro4j.Registration;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.ThrowingRunnable;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R5: blocking calls that ignore interrupts, and the hook that stops each. JDBC is in CancelExamplesTest. */
@SuppressWarnings("try") // the hooks are only closed
class StoppedByHookTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Gate blocked = new Gate();

    /** Cancels the body without an interrupt once it is about to block, so that only the hook can stop it. */
    private void assertStopped(ThrowingRunnable body) {
        assertStopped(blocked, body);
    }

    private void assertStopped(Gate reached, ThrowingRunnable body) {
        try (TaskScope scope = leaks.open("app")) {
            Task<?> task = scope.launch("call", body);
            reached.awaitReached();
            task.cancel(false);
            assertTrue(task.joinOutcome().isCancelled(), task::toString);
        }
    }

    private void aboutToBlock() throws InterruptedException {
        blocked.open();
        blocked.pass();
    }

    @Test
    @Rule(5)
    void readOfASocket() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertStopped(
                    () -> {
                        try (Socket socket =
                                        new Socket(server.getInetAddress(), server.getLocalPort());
                                Registration hook = Task.onCancel(socket::close)) {
                            InputStream in = socket.getInputStream();
                            aboutToBlock();
                            in.read();
                        }
                    });
        }
    }

    @Test
    @Rule(5)
    void answerOfAnHttpUrlConnection() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        Gate answer = new Gate();
        server.setExecutor(threads);
        server.createContext(
                "/",
                exchange -> {
                    answer.passUninterruptibly();
                    exchange.close();
                });
        server.start();
        try {
            URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
            // Before the request has arrived, a disconnect would only make the call connect again.
            assertStopped(
                    answer,
                    () -> {
                        HttpURLConnection call = (HttpURLConnection) uri.toURL().openConnection();
                        call.connect();
                        try (Registration hook = Task.onCancel(call::disconnect)) {
                            call.getResponseCode();
                        }
                    });
        } finally {
            answer.open();
            server.stop(0);
            threads.shutdown();
            assertTrue(threads.awaitTermination(1, TimeUnit.MINUTES));
        }
    }

    @Test
    @Rule(5)
    void endOfAProcess() throws Exception {
        String java = ProcessHandle.current().info().command().orElseThrow();
        AtomicReference<Process> started = new AtomicReference<>();
        assertStopped(
                () -> {
                    Process process =
                            new ProcessBuilder(
                                            java,
                                            "-cp",
                                            System.getProperty("java.class.path"),
                                            WaitsForInput.class.getName())
                                    .start();
                    started.set(process);
                    try (Registration hook = Task.onCancel(process::destroyForcibly)) {
                        InputStream out = process.getInputStream();
                        aboutToBlock();
                        while (out.read() >= 0) {
                            continue;
                        }
                    }
                    Task.checkCancelled();
                });
        started.get().waitFor();
        assertFalse(started.get().isAlive());
    }

    /** A program that never ends by itself. */
    static final class WaitsForInput {
        public static void main(String[] args) throws IOException {
            System.in.read();
        }
    }
}
