package io.github.coro4j.interop.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each rule of docs/rules.md has a test whose name carries its id. */
class RulesTest {
    @Test
    void everyRuleHasATestNamedAfterIt() throws IOException {
        Set<String> rules = matches(Path.of("../docs/rules.md"), "- \\*\\*R(\\d+)\\*\\*");
        assertEquals(
                IntStream.concat(IntStream.rangeClosed(1, 30), IntStream.rangeClosed(33, 35))
                        .mapToObj(Integer::toString)
                        .collect(Collectors.toSet()),
                rules);
        try (Stream<Path> tests = Files.walk(Path.of("src/test"))) {
            for (Path test : tests.filter(Files::isRegularFile).toList()) {
                for (String ids : matches(test, "(?:void|fun) ((?:r\\d+_)+)")) {
                    rules.removeAll(Set.of(ids.replace("r", "").split("_")));
                }
            }
        }
        assertEquals(Set.of(), rules, "rules without a test");
    }

    private static Set<String> matches(Path file, String pattern) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(file))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
