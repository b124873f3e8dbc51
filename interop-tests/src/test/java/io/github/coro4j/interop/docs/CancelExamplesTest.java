package io.github.coro4j.interop.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Registration;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The examples of the javadoc that show what a cancel does are regions of this class, and run. */
@SuppressWarnings("try") // the hooks are only closed
public class CancelExamplesTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Gate work = new Gate();
    private final Trail trail = new Trail();

    @Test
    @Rule(31)
    void startingIsOwnership() {
        List<String> urls = List.of("/a", "/b");
        try (TaskScope scope = leaks.open("app")) {
            // region Task.startingIsOwnership
            Task<List<String>> page =
                    scope.start("page", () -> scope.gather(urls, url -> load(url)).all().join());
            page.cancelAndJoin("the user has left"); // no load runs any more
            // endregion
            assertTrue(page.isCancelled());
            assertTrue(scope.tasks().isEmpty());
        }
    }

    private String load(String url) throws InterruptedException {
        work.pass();
        return url;
    }

    @Test
    @Rule(5)
    void onCancel() throws SQLException {
        try (TaskScope scope = leaks.open("app");
                Connection connection = DriverManager.getConnection("jdbc:h2:mem:")) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(
                        "create alias running for '" + getClass().getName() + ".running'");
            }
            Task<Long> endless = scope.start("endless", () -> query(connection, ENDLESS));
            RUNNING.awaitReached();
            endless.cancel(false); // only the hook can stop the query
            assertTrue(endless.joinOutcome().isCancelled());
            assertEquals(1, scope.start(() -> query(connection, "select 1")).join());
        }
    }

    private static final Gate RUNNING = new Gate();

    private static final String ENDLESS =
            "select sum(running(a.x)) from system_range(1, 1000000) a, system_range(1, 1000000) b";

    /** A function of the query. It tells the test that the query runs. */
    public static long running(long row) throws InterruptedException {
        RUNNING.open();
        RUNNING.pass();
        return row;
    }

    private static Long query(Connection connection, String sql) throws SQLException {
        // region onCancel
        try (Statement statement = connection.createStatement();
                Registration hook = Task.onCancel(statement::cancel)) {
            return read(statement.executeQuery(sql));
        }
        // endregion
    }

    private static Long read(ResultSet rows) throws SQLException {
        rows.next();
        return rows.getLong(1);
    }

    @Test
    @Rule(9)
    void nonCancellable() {
        String order = "order";
        try (TaskScope scope = leaks.open("app")) {
            Task<?> task =
                    scope.launch(
                            "transfer",
                            () -> {
                                // region nonCancellable
                                try {
                                    transfer(order);
                                } catch (InterruptedException | CancellationException cancelled) {
                                    Task.nonCancellable(
                                            () ->
                                                    Task.launch("undo", () -> undo(order))
                                                            .join(Duration.ofSeconds(5)));
                                    throw cancelled;
                                }
                                // endregion
                            });
            work.awaitReached();
            assertTrue(task.cancelAndJoin("stop").isCancelled());
        }
        trail.assertSteps("undone order");
    }

    private void transfer(String order) throws InterruptedException {
        work.pass();
        trail.add("transferred " + order);
    }

    private Void undo(String order) {
        trail.add("undone " + order);
        return null;
    }
}
