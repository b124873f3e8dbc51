package io.github.coro4j.interop.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.interop.surface.KotlinCompilation.Problem;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Kotlin compiler knows the nullness of the types in every public method of the contract (R30). It prints a type of
 * unknown nullness with an exclamation mark, as in {@code String!}.
 */
@Tag("compiler")
class PlatformTypesTest {
    private static final Pattern UNKNOWN = Pattern.compile("[\\w>)]!");
    private static final Pattern RESULT =
            Pattern.compile("initializer type mismatch: expected 'Wrong', actual '(.*)'\\.");

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @TempDir Path folder;

    @Test
    @Rule(30)
    void kotlinKnowsWhetherEachResultAndEachArgumentMayBeNull() throws Exception {
        List<Executable> all = contract();
        Map<String, List<Problem>> problems =
                compile(
                        all,
                        "fun control() { val it = System.getProperty(\"a\"); val not: Wrong = it }");

        // This is the control: the JDK does not declare the nullness.
        assertEquals("String!", result(problems.get("Control.kt").get(0)));

        Map<Integer, List<Problem>> results = byLine(problems.get("Results.kt"));
        Map<Integer, List<Problem>> arguments = byLine(problems.get("Arguments.kt"));
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Executable each = all.get(i);
            List<Problem> ofResult = results.getOrDefault(i, List.of());
            List<Problem> ofArguments = arguments.getOrDefault(i, List.of());
            boolean nullable = each instanceof Method method && KotlinCalls.mayReturnNull(method);
            boolean isKnown = Stream.of(ofResult, ofArguments).noneMatch(this::hasUnknownType);
            if (!isKnown
                    || ofResult.size() != 1
                    || result(ofResult.get(0)).endsWith("?") != nullable
                    || ofArguments.isEmpty() == KotlinCalls.refusesArguments(each)) {
                wrong.add(each + ": " + ofResult + ofArguments);
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(all.size() > 200, "only " + all.size() + " methods: does the walk see them?");
    }

    private static List<Executable> contract() throws Exception {
        List<Executable> all = new ArrayList<>();
        for (Class<?> type : Artifact.api().publicTypes("io.github.coro4j")) {
            Stream.of(type.getDeclaredMethods(), type.getDeclaredConstructors())
                    .flatMap(Stream::of)
                    .filter(each -> Modifier.isPublic(each.getModifiers()) && !each.isSynthetic())
                    .forEach(all::add);
        }
        return all;
    }

    private Map<String, List<Problem>> compile(List<Executable> all, String control)
            throws Exception {
        List<Problem> problems =
                new KotlinCompilation()
                        .file("Prelude.kt", KotlinCalls.PRELUDE)
                        .file("Results.kt", functions("result", all, KotlinCalls::result))
                        .file("Arguments.kt", functions("given", all, KotlinCalls::arguments))
                        .file("Control.kt", control)
                        .problems(folder);
        return problems.stream().collect(Collectors.groupingBy(Problem::file));
    }

    /** Writes one function on each line, so that the number of the line identifies the method. */
    private static String functions(
            String name, List<Executable> all, Function<Executable, String> statement) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < all.size(); i++) {
            String body = statement.apply(all.get(i));
            text.append("fun ").append(name).append(i).append("() { ").append(body).append(" }\n");
        }
        return text.toString();
    }

    private static Map<Integer, List<Problem>> byLine(List<Problem> problems) {
        return problems.stream().collect(Collectors.groupingBy(each -> each.line() - 1));
    }

    private boolean hasUnknownType(List<Problem> problems) {
        return problems.stream().anyMatch(each -> UNKNOWN.matcher(each.text()).find());
    }

    private static String result(Problem problem) {
        Matcher matcher = RESULT.matcher(problem.text());
        assertTrue(matcher.find(), problem::toString);
        return matcher.group(1);
    }
}
