package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Compares the tables of docs/gather.md with what happens: R17 to R22 for every policy in every situation. In each cell,
 * every failure must be the group's, suppressed in it, or in a report.
 */
@Timeout(300)
class GatherTableTest {
    private static final String WRITE =
            "./mvnw test -pl interop-tests -am -Dsurefire.failIfNoSpecifiedTests=false"
                    + " -Dtest=GatherTableTest -Dgather.tables=write";

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @EnumSource
    @Rule({17, 18, 20, 21, 32})
    void eachCellOfTheTablesIsTrue(Origin origin) throws Exception {
        Map<String, List<String>> tables = play(origin).byHeading();
        if (origin == Origin.EXISTING && "write".equals(System.getProperty("gather.tables"))) {
            GatherPage.write(tables);
        }
        Map<String, List<String>> page = GatherPage.tables();
        assertEquals(
                tables.keySet(), page.keySet(), "headings of docs/gather.md that have a table");
        tables.forEach(
                (heading, table) ->
                        assertEquals(
                                String.join("\n", table),
                                String.join("\n", linesFor(origin, page.get(heading))),
                                "docs/gather.md, " + heading + ", " + origin + "; run " + WRITE));
    }

    private GatherTables play(Origin origin) {
        GatherTables tables = new GatherTables();
        for (Situation situation : Situation.values()) {
            if (situation.isOverFutures() && origin != Origin.EXISTING) {
                continue;
            }
            Policies.ALL.forEach(
                    (name, policy) -> {
                        try (GroupRun run = new GroupRun(leaks, origin, policy)) {
                            if (name.equals(Policies.STREAM)) {
                                run.userCodeReceivesFailures(); // the reader receives each failure
                            }
                            situation.play(run);
                            tables.add(situation, name, run.end());
                        } catch (AssertionError e) {
                            throw new AssertionError(name + ", " + situation.text, e);
                        }
                    });
        }
        return tables;
    }

    private static List<String> linesFor(Origin origin, List<String> table) {
        return table.stream().filter(line -> isAbout(line, origin)).toList();
    }

    private static boolean isAbout(String line, Origin origin) {
        return origin == Origin.EXISTING
                || Stream.of(Situation.values())
                        .filter(Situation::isOverFutures)
                        .noneMatch(situation -> line.startsWith("| " + situation.text + " |"));
    }
}
