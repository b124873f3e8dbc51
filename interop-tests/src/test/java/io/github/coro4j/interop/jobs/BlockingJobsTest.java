package io.github.coro4j.interop.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Registration;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The jobs of docs/jobs.md with a database, files and processes: a cancel stops each of them. */
@SuppressWarnings("try") // the hooks are only closed
public class BlockingJobsTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @TempDir Path folder;

    private final StopButton stopButton = new StopButton();
    private final Trail trail = new Trail();

    // ---- A query

    private static final LinkedBlockingQueue<String> ROWS = new LinkedBlockingQueue<>();

    /** A function of the query. It tells the test that the query runs. */
    public static long running(long number) {
        ROWS.add("running");
        return number;
    }

    @Test
    @Rule(5)
    void aQuery_isStopped_andItsConnectionIsGoodForTheNext() throws Exception {
        String sql =
                "select sum(running(a.x)) from system_range(1, 1000000) a, system_range(1, 1000000) b";
        ROWS.clear();
        try (TaskScope scope = leaks.open("app");
                Connection connection = DriverManager.getConnection("jdbc:h2:mem:")) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(
                        "create alias running for '" + getClass().getName() + ".running'");
            }
            // region 5. A query with a stop button
            Task<Long> report =
                    scope.start(
                            "report",
                            () -> {
                                try (Statement statement = connection.createStatement();
                                        Registration hook = Task.onCancel(statement::cancel)) {
                                    return read(statement.executeQuery(sql));
                                }
                            });
            stopButton.onClick(() -> report.cancel("stopped by the user"));
            // endregion
            ROWS.take();
            stopButton.click();
            assertTrue(report.joinOutcome().isCancelled());
            try (Statement statement = connection.createStatement()) {
                assertEquals(1, read(statement.executeQuery("select 1")));
            }
        }
    }

    private static Long read(ResultSet rows) throws SQLException {
        rows.next();
        return rows.getLong(1);
    }

    // ---- Files

    private static final int SIZE = 1 << 20;

    private final Bar bar = (done, total) -> trail.add(done + " of " + total);
    private final CountDownLatch fourInTheMiddle = new CountDownLatch(4);
    private final List<Path> copies = new ArrayList<>();

    interface Bar {
        void show(long done, long total);
    }

    @Test
    @Rule({20, 22})
    void copiesOfFiles_areStoppedInTheMiddle() throws Exception {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            files.add(Files.write(folder.resolve("file-" + i), new byte[SIZE]));
        }
        try (TaskScope scope = leaks.open("app")) {
            // region 6. Many files
            Future<List<Long>> copied =
                    scope.gather(
                                    files,
                                    file -> {
                                        try (InputStream in = Files.newInputStream(file);
                                                OutputStream out = copyOf(file);
                                                Registration hook = Task.onCancel(out::close)) {
                                            return in.transferTo(out);
                                        }
                                    })
                            .concurrency(4)
                            .onProgress(p -> bar.show(p.done(), p.total()))
                            .failFast();
            stopButton.onClick(() -> copied.cancel("stopped by the user"));
            // endregion
            trail.await("2 of 10");
            fourInTheMiddle.await();
            stopButton.click();
            assertTrue(copied.joinOutcome().isCancelled());
            assertEquals(6, copies.size(), "no copy began after the cancel");
            int whole = 0;
            for (Path copy : copies) {
                whole += Files.size(copy) == SIZE ? 1 : 0;
            }
            assertEquals(2, whole);
        }
    }

    /** Opens the copy of a file. The first two are written at once, and all others wait before their last part. */
    private OutputStream copyOf(Path file) throws IOException {
        Path copy = Path.of(file + ".copy");
        int begun;
        synchronized (copies) {
            copies.add(copy);
            begun = copies.size();
        }
        OutputStream out = Files.newOutputStream(copy);
        return begun <= 2 ? out : new PausedOutput(out);
    }

    private final class PausedOutput extends FilterOutputStream {
        private final Gate closed = new Gate();
        private long written;

        PausedOutput(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            written += length;
            if (written == SIZE) {
                fourInTheMiddle.countDown();
                closed.passUninterruptibly();
            }
            out.write(bytes, offset, length); // throws, because the hook has closed it
        }

        @Override
        public void close() throws IOException {
            super.close();
            closed.open();
        }
    }

    // ---- Processes

    private final LinkedBlockingQueue<Process> running = new LinkedBlockingQueue<>();

    @Test
    @Rule({5, 22})
    void processes_areStoppedWithTheirScope() throws Exception {
        List<String> files = List.of("a", "b", "c", "d");
        Future<List<String>> logs;
        try (TaskScope scope = leaks.open("app")) {
            logs = convertAll(scope, files);
            Process first = running.take();
            Process second = running.take();
            assertTrue(first.isAlive() && second.isAlive());
            scope.close();
            first.onExit().join();
            second.onExit().join();
        }
        assertTrue(logs.isCancelled());
        assertEquals(List.of(), List.copyOf(running), "no process was started after the cancel");
    }

    private Future<List<String>> convertAll(TaskScope scope, List<String> files) {
        // region 7. External processes
        Future<List<String>> logs =
                scope.gather(
                                files,
                                file -> {
                                    Process process = new ProcessBuilder(convert(file)).start();
                                    try (Registration hook = Task.onCancel(process::destroy)) {
                                        return output(process);
                                    }
                                })
                        .concurrency(2)
                        .failFast();
        // endregion
        return logs;
    }

    private List<String> convert(String file) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Converter.class.getName(),
                file);
    }

    private String output(Process process) throws IOException {
        InputStream in = process.getInputStream();
        int first = in.read();
        assertFalse(first < 0, "the process has not begun");
        running.add(process);
        return (char) first + new String(in.readAllBytes());
    }

    /** Prints a line, and then waits until it is destroyed, because its input does not end. */
    public static final class Converter {
        public static void main(String[] arguments) throws IOException {
            System.out.println("converting " + arguments[0]);
            System.in.read();
        }
    }
}
