package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Gather.When;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Compares the table of docs/gather.md with what happens: R17 to R22 for every policy in every situation. In each cell,
 * every failure must be the group's, suppressed beside it, or in a report.
 */
@Timeout(300)
class GatherTableTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private static final Path PAGE = Path.of("../docs/gather.md");

    /** The policies, by their names in the table. */
    private static final Map<String, Function<Gather<String>, Future<?>>> POLICIES = policies();

    private static Map<String, Function<Gather<String>, Future<?>>> policies() {
        Map<String, Function<Gather<String>, Future<?>>> policies = new LinkedHashMap<>();
        policies.put("all()", Gather::all);
        policies.put("failFast()", Gather::failFast);
        policies.put("settled()", Gather::settled);
        policies.put("firstSuccess()", Gather::firstSuccess);
        policies.put("firstDone()", Gather::firstDone);
        policies.put("atLeast(2)", plan -> plan.atLeast(2));
        policies.put("until(FIRST_DONE)", plan -> plan.until(When.FIRST_DONE));
        policies.put("until(FIRST_FAILURE)", plan -> plan.until(When.FIRST_FAILURE));
        policies.put("until(ALL_DONE)", plan -> plan.until(When.ALL_DONE));
        policies.put(READ, GatherTableTest::readToItsEnd);
        return policies;
    }

    private static final String READ = "stream()";

    /** Returns the outcomes in the order of the stream. A cancel of the future closes the stream. */
    private static Future<?> readToItsEnd(Gather<String> plan) {
        Promise<List<Outcome<String>>> all = Promise.create();
        Stream<Future<String>> stream = plan.stream();
        Iterator<Future<String>> ends = stream.iterator();
        all.addDoneCallback(
                done -> {
                    if (done.isCancelled()) {
                        stream.close();
                    }
                });
        Runnable read =
                () -> {
                    List<Outcome<String>> outcomes = new ArrayList<>();
                    ends.forEachRemaining(end -> outcomes.add(end.joinOutcome()));
                    all.complete(outcomes);
                };
        new Thread(read, "reader of the stream").start();
        return all;
    }

    @ParameterizedTest
    @EnumSource
    @Rule({17, 18, 20, 21})
    void eachCellOfTheTableIsTrue(Origin origin) throws Exception {
        List<String> lines = new ArrayList<>();
        lines.add(
                "| | "
                        + String.join(
                                " | ",
                                POLICIES.keySet().stream().map(name -> "`" + name + "`").toList())
                        + " |");
        lines.add("| --- |" + " --- |".repeat(POLICIES.size()));
        for (Situation situation : Situation.values()) {
            if (situation.isOverFutures() && origin != Origin.EXISTING) {
                continue;
            }
            List<String> cells = new ArrayList<>();
            for (var policy : POLICIES.entrySet()) {
                try (GroupRun run = new GroupRun(leaks, origin, policy.getValue())) {
                    if (policy.getKey().equals(READ)) {
                        run.userCodeReceivesFailures(); // the reader receives each failure
                    }
                    situation.play(run);
                    cells.add(run.describe());
                } catch (AssertionError e) {
                    throw new AssertionError(policy.getKey() + ", " + situation.text, e);
                }
            }
            lines.add("| " + situation.text + " | " + String.join(" | ", cells) + " |");
        }
        List<String> table =
                Files.readAllLines(PAGE).stream()
                        .dropWhile(line -> !line.equals(lines.get(0)))
                        .takeWhile(line -> !line.isEmpty())
                        .filter(line -> isAbout(line, origin))
                        .toList();
        assertEquals(
                String.join("\n", lines),
                String.join("\n", table),
                "the table of docs/gather.md, with " + origin);
    }

    private static boolean isAbout(String line, Origin origin) {
        return origin == Origin.EXISTING
                || Stream.of(Situation.values())
                        .filter(Situation::isOverFutures)
                        .noneMatch(situation -> line.startsWith("| " + situation.text + " |"));
    }
}
