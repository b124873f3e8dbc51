package io.github.coro4j.interop.outcome;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.GatherProgress;
import io.github.coro4j.Hedged;
import io.github.coro4j.KeyedPartition;
import io.github.coro4j.Outcome;
import io.github.coro4j.Partition;
import io.github.coro4j.TaskEvent;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The text of each record, in an application whose names R8 has shortened too. */
class RecordTextTest {

    static Stream<Record> records() {
        Future<String> done = Future.completed("a");
        return Stream.of(
                new Outcome.Success<>("a"),
                new Outcome.Failure<>(new IOException("refused")),
                new Outcome.Cancelled<>(new CancellationException("left")),
                new Partition<>(Set.of(done), Set.of()),
                new KeyedPartition<>(Map.of("key", done), Map.of()),
                new Hedged<>("a", 1),
                new GatherProgress(1, 0, 2, 3, done),
                new FailureReport(
                        FailureReport.Kind.UNREAD_FAILURE, "task", "load", new Exception("e")),
                new TaskEvent(
                        "task",
                        "load",
                        "scope",
                        Duration.ZERO,
                        true,
                        Duration.ofSeconds(1),
                        TaskEvent.End.SUCCESS,
                        null,
                        null,
                        7));
    }

    @ParameterizedTest
    @MethodSource("records")
    void theTextIsThatOfARecord(Record each) throws Exception {
        StringJoiner text = new StringJoiner(", ", each.getClass().getSimpleName() + "[", "]");
        for (RecordComponent component : each.getClass().getRecordComponents()) {
            text.add(component.getName() + "=" + component.getAccessor().invoke(each));
        }
        assertEquals(text.toString(), each.toString());
    }

    /** What the compiler generates is a call site that takes the record alone and returns its text. */
    @ParameterizedTest
    @MethodSource("records")
    void theTextIsNotGeneratedFromNamesInTheClassFile(Record each) throws Exception {
        String generated = "(" + each.getClass().descriptorString() + ")Ljava/lang/String;";
        assertFalse(classFile(each.getClass()).contains(generated));
    }

    private static String classFile(Class<?> type) throws IOException {
        String name = type.getName().substring(type.getPackageName().length() + 1) + ".class";
        try (InputStream in = type.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
