package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A stream of futures is collected into a gather, with keys or without. */
@Timeout(60)
class GatherCollectorsTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    void aStreamIsCollectedIntoAGather() {
        try (TaskScope scope = leaks.open("scope")) {
            List<Integer> squares =
                    IntStream.range(0, 100)
                            .boxed()
                            .parallel()
                            .map(i -> scope.start(() -> i * i))
                            .collect(Gather.<Integer>toGather())
                            .all()
                            .join();
            assertEquals(IntStream.range(0, 100).map(i -> i * i).boxed().toList(), squares);
            Map<Integer, Integer> byItem =
                    Stream.of(3, 1, 2)
                            .parallel()
                            .collect(Gather.toKeyedGather(i -> i, i -> scope.start(() -> i * i)))
                            .all()
                            .join();
            assertEquals("{3=9, 1=1, 2=4}", byItem.toString());
        }
    }

    @Test
    @Rule(3)
    void theCollectorsNameTheWrongElement() {
        Future<Integer> one = Future.completed(1);
        assertTrue(
                assertThrows(
                                NullPointerException.class,
                                () ->
                                        Stream.of(one, (Future<Integer>) null)
                                                .collect(Gather.<Integer>toGather()))
                        .getMessage()
                        .startsWith("children[1] must not be null"));
        String twice =
                assertThrows(
                                IllegalStateException.class,
                                () ->
                                        Stream.of(1, 1)
                                                .collect(Gather.toKeyedGather(i -> i, i -> one)))
                        .getMessage();
        assertEquals("two elements have the key 1; give each a key of its own", twice);
        assertThrows(NullPointerException.class, () -> Gather.toKeyedGather(null, i -> one));
        assertThrows(
                NullPointerException.class,
                () -> Stream.of(1).collect(Gather.toKeyedGather(i -> i, i -> null)));
    }
}
