package io.github.coro4j.interop.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rules of {@code docs/rules.md} and the tests that name them with {@code @Rule}. It reads sources instead of classes,
 * because some test classes load only with the optional libraries.
 */
final class RulesIndex {
    /** A rule with more tests gets a line that counts them by class. */
    private static final int MOST_METHODS = 15;

    private static final int MOST_WORDS = 16;

    private static final String HEAD =
            """
            # The tests of each rule

            A test names the rules of [rules.md](rules.md) that it checks: `@Rule(14)` on a method, or on a class for all of its tests.
            This page lists the tests of a rule, or their number in each class if there are more than %d.

            `./mvnw test -pl interop-tests -am -Drule=14` runs the tests of R14.
            `%s` writes this page.

            | Rule | It begins | Tests |
            | --- | --- | --- |
            """;

    /** A test of a rule: its method, and the source file of its class, relative to {@code interop-tests}. */
    private record RuleTest(int rule, Path source, String method) {
        String type() {
            return source.getFileName().toString().replaceFirst("\\..*", "");
        }
    }

    private final Map<Integer, String> rules = new TreeMap<>();
    private final List<RuleTest> tests = new ArrayList<>();

    RulesIndex() throws IOException {
        Pattern rule = Pattern.compile("(?s)- \\*\\*R(\\d+)\\*\\* (.*?)(?=\\n- |\\n\\n|$)");
        for (MatchResult each : matches(rule, Files.readString(Path.of("../docs/rules.md")))) {
            rules.put(Integer.valueOf(each.group(1)), beginning(each.group(2)));
        }
        try (Stream<Path> sources = Files.walk(Path.of("src/test"))) {
            for (Path source : sources.filter(Files::isRegularFile).sorted().toList()) {
                if (source.toString().matches(".*\\.(java|kt)")) {
                    addTests(source);
                }
            }
        }
    }

    Set<Integer> rules() {
        return rules.keySet();
    }

    /** Returns the rules that an annotation names. */
    Set<Integer> testedRules() {
        return tests.stream().map(RuleTest::rule).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the text of the page. */
    String page(String command) {
        StringBuilder page = new StringBuilder(HEAD.formatted(MOST_METHODS, command));
        rules.forEach(
                (rule, text) ->
                        page.append("| R%d | %s | %s |\n".formatted(rule, text, testsOf(rule))));
        return page.toString();
    }

    private String testsOf(int rule) {
        List<RuleTest> found = tests.stream().filter(each -> each.rule() == rule).toList();
        Function<List<RuleTest>, String> detail =
                found.size() > MOST_METHODS
                        ? each -> " " + each.size()
                        : each ->
                                each.stream()
                                        .map(test -> "`" + test.method() + "`")
                                        .collect(Collectors.joining(", ", ": ", ""));
        Map<Path, List<RuleTest>> bySource =
                found.stream()
                        .collect(
                                Collectors.groupingBy(
                                        RuleTest::source, TreeMap::new, Collectors.toList()));
        // The class that has most of the tests is first.
        return bySource.values().stream()
                .sorted(
                        Comparator.<List<RuleTest>>comparingInt(each -> -each.size())
                                .thenComparing(each -> each.get(0).type()))
                .map(
                        each ->
                                "[%s](../interop-tests/%s)%s"
                                        .formatted(
                                                each.get(0).type(),
                                                slashes(each.get(0).source()),
                                                detail.apply(each)))
                .collect(Collectors.joining(found.size() > MOST_METHODS ? ", " : "<br>"));
    }

    private static String slashes(Path path) {
        return path.toString().replace('\\', '/');
    }

    private void addTests(Path source) throws IOException {
        Pattern token =
                Pattern.compile(
                        "(?m)^ *@Rule\\(([^)]*)\\)"
                                + "|^ *@((?:Repeated|Parameterized|Coro4j)?Test|TestFactory)\\b"
                                + "|^(?:[a-z]+ )*class \\w"
                                + "|^ *(?:\\w+ )*(?:void|fun) (\\w+)\\(");
        Set<Integer> ofClass = Set.of();
        Set<Integer> named = new TreeSet<>();
        boolean test = false;
        for (MatchResult each : matches(token, Files.readString(source))) {
            if (each.group(1) != null) {
                for (String number : each.group(1).replaceAll("[{} ]", "").split(",")) {
                    named.add(Integer.valueOf(number));
                }
            } else if (each.group(2) != null) {
                test = true;
            } else if (each.group(3) == null) {
                ofClass = named;
                named = new TreeSet<>();
                test = false; // @Coro4jTest may stand on a class
            } else {
                if (test) {
                    named.addAll(ofClass);
                    named.forEach(rule -> tests.add(new RuleTest(rule, source, each.group(3))));
                }
                named = new TreeSet<>();
                test = false;
            }
        }
    }

    /** Returns the first sentence of a rule on one line, or its first words. */
    private static String beginning(String rule) {
        String sentence = rule.strip().replaceAll("\\s+", " ").replaceFirst("[.:;] .*|[.]$", "");
        List<String> words = List.of(sentence.split(" "));
        return words.size() <= MOST_WORDS
                ? sentence
                : String.join(" ", words.subList(0, MOST_WORDS)) + " …";
    }

    private static List<MatchResult> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().toList();
    }
}
