package io.github.coro4j.interop.observe;

import static io.github.coro4j.interop.observe.Dump.ageless;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The text and the JSON of a dump begin with the oldest jobs, stay valid whatever the names are, and go to the log. */
@Timeout(60)
class DumpTextTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Gate gate = new Gate();

    @Test
    void theOldestTasksComeFirst() {
        try (TaskScope scope = leaks.open("shop", work -> {})) {
            for (int i = 0; i < 16; i++) {
                scope.launch("t" + i, () -> {});
            }
            Dump dump = Dump.of(scope);
            List<Object> names =
                    Dump.list(dump.json, "jobs").stream().map(each -> each.get("name")).toList();
            assertEquals(IntStream.range(0, 16).mapToObj(i -> "t" + i).toList(), names);
            scope.cancel("enough");
        }
    }

    /** Ages grow in steps, and the clock makes several steps while the test takes these dumps. */
    @Test
    void theOldestTaskStaysFirstWhileTheClockGoesOn() {
        List<Runnable> queue = new ArrayList<>();
        try (TaskScope scope = leaks.open("shop", queue::add)) {
            for (int i = 0; i < 20_000; i++) {
                scope.launch("waits " + i, () -> {});
            }
            for (int i = 0; i < 100; i++) {
                String text = scope.dump();
                String second = text.lines().skip(1).findFirst().orElseThrow();
                assertTrue(second.startsWith("  task \"waits 0\" ("), text);
            }
            scope.cancel("enough");
        }
    }

    @Test
    void namesAndReasonsOfAnyKindAreValidJson() {
        String rude =
                "\"\\\b\f\n\r\t\u0000\u001f\u007f\u2028 \ud83d\ude00 \ud83d </script> \u00e4\u20ac";
        try (TaskScope scope = leaks.open(rude, work -> {})) {
            scope.launch(rude, () -> {});
            Map<String, Object> json = JsonText.parse(scope.dumpJson());
            assertEquals(rude, json.get("name"));
            assertEquals(rude, Dump.list(json, "jobs").get(0).get("name"));
            assertEquals(1, scope.dumpJson().lines().count());
            scope.cancel(rude);
            assertEquals(rude, JsonText.parse(scope.dumpJson()).get("reason"));
        }
    }

    @Test
    void aNameCannotForgeALine() {
        String rude = "a\n\u001b[2K\u007f\u0085\u009b\u2028\u2029\u202e\u2066\"b";
        String shown = "a\\u000a\\u001b[2K\\u007f\\u0085\\u009b\\u2028\\u2029\\u202e\\u2066\\\"b";
        try (TaskScope scope = leaks.open(rude)) {
            Task<Void> first = scope.launch(rude, gate::pass);
            scope.launch("second", first::join);
            Dump dump = Dump.of(scope, seen -> seen.has("waiting for task"));
            assertTrue(dump.line("scope \"" + shown + "\"").contains("2 tasks"), dump.text);
            assertTrue(dump.has("task \"" + shown + "\" (pending"), dump.text);
            assertTrue(dump.has("waiting for task \"" + shown + "\")"), dump.text);
            assertEquals(List.of("task \"" + rude + "\""), dump.object("second").get("waitsFor"));
            assertTrue(first.toString().startsWith("Task \"" + shown + "\" ("), first::toString);
            assertTrue(scope.toString().startsWith("Scope \"" + shown + "\" ("));
            assertEquals(rude, first.name());
            first.cancel("enough");
            String message = first.joinOutcome().exceptionOrNull().getMessage();
            assertTrue(message.startsWith("a\\u000a\\u001b"), message);
            gate.open();
            scope.cancel("enough");
        }
        leaks.takeReports();
    }

    @Test
    void logDumpIsOneRecordThatBeginsWithTheScope() {
        try (TaskScope scope = leaks.open("shop", work -> {})) {
            scope.launch("load", () -> {});
            scope.logDump();
            List<LogRecord> logged = leaks.takeLogged();
            assertEquals(1, logged.size());
            assertEquals(Level.INFO, logged.get(0).getLevel());
            assertEquals(ageless(scope.dump()), ageless(logged.get(0).getMessage()) + "\n");
            assertTrue(
                    ageless(logged.get(0).getMessage())
                            .startsWith(
                                    "scope \"shop\" (open, age 0 s, 1 task: 1 waiting for a thread)\n"));
            Logger logger = Logger.getLogger("io.github.coro4j");
            logger.setLevel(Level.WARNING);
            try {
                scope.logDump();
            } finally {
                logger.setLevel(null);
            }
            assertEquals(List.of(), leaks.takeLogged());
            scope.cancel("enough");
        }
    }
}
