package io.github.coro4j.interop.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs a small number of random programs. The class {@link Chaos} runs a large number. */
class ChaosTest {
    private static final int ROUNDS = 100;

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    @Rule({1, 4, 10, 16, 22})
    void books_balanceAfterEachRound() throws InterruptedException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Chaos chaos = new Chaos(new PrintStream(printed, true, StandardCharsets.UTF_8));
        List<Long> failed = chaos.run(1, ROUNDS, 1, 1);
        leaks.takeLogged(); // the rounds have checked these lines
        assertEquals(List.of(), failed, () -> printed.toString(StandardCharsets.UTF_8));
        assertEquals(
                0, chaos.remembered(), "rounds that are still reachable, perhaps from a timer");
    }

    @Test
    void badArgument_isNamedInTheError() {
        assertEquals(
                Map.of("--seed", -7L, "--rounds", 1L),
                Chaos.options("--seed", "-7", "--rounds", "1"));
        for (String option : List.of("--rounds", "--repeat", "--minutes")) {
            for (String bad : List.of("0", "-1", "many", "", "9223372036854775808")) {
                assertRefused(option, option, bad);
            }
        }
        assertRefused("--seed", "--seed", "seven");
        assertRefused("--minutes", "--minutes", "1000001");
        assertRefused("--rounds", "--rounds");
        assertRefused("--round", "--round", "1");
        assertRefused("--seed", "--seed", "9223372036854775807", "--rounds", "2");
    }

    private static void assertRefused(String named, String... args) {
        String message =
                assertThrows(IllegalArgumentException.class, () -> Chaos.options(args))
                        .getMessage();
        assertTrue(message.startsWith(named + " "), message);
    }

    @Test
    void plan_isAFunctionOfItsSeed() {
        List<Plan> plans = Stream.iterate(1L, seed -> seed + 1).limit(50).map(Plan::new).toList();
        for (Plan plan : plans) {
            assertEquals(plan.toString(), new Plan(plan.seed).toString());
        }
        assertEquals(50, plans.stream().map(Plan::toString).distinct().count());
    }

    @Test
    void everyOperationIsDrawn() {
        List<String> drawn =
                Stream.iterate(1L, seed -> seed + 1)
                        .limit(ROUNDS)
                        .map(Plan::new)
                        .map(Plan::toString)
                        .toList();
        List<String> missing =
                Operation.ALL.stream()
                        .filter(each -> each.weight() > 0)
                        .map(Operation::name)
                        .filter(name -> drawn.stream().noneMatch(plan -> plan.contains(" " + name)))
                        .toList();
        assertEquals(List.of(), missing);
    }
}
