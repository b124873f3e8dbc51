package io.github.coro4j.interop.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.TaskScope;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A dump as text and as JSON, taken once it shows what a test waits for. */
final class Dump {
    final String text;
    final Map<String, Object> json;

    private Dump(TaskScope scope) {
        text = scope.dump();
        json = JsonText.parse(scope.dumpJson());
    }

    /** Takes dumps until a dump shows the state, because no gate shows that a wait has begun or a cancel was seen. */
    static Dump of(TaskScope scope, Predicate<Dump> shows) {
        while (true) {
            Dump dump = new Dump(scope);
            if (shows.test(dump)) {
                return dump;
            }
            Thread.onSpinWait();
        }
    }

    static Dump of(TaskScope scope) {
        return new Dump(scope);
    }

    /** Returns the line about a job or scope, without its indentation. */
    String line(String label) {
        List<String> lines =
                text.lines()
                        .map(String::strip)
                        .filter(line -> line.startsWith(label + " ("))
                        .toList();
        assertEquals(1, lines.size(), () -> "lines about " + label + " in\n" + text);
        return lines.get(0);
    }

    boolean has(String part) {
        return text.contains(part);
    }

    /** Returns the lines below the line about a job or scope, without those that the debug mode adds. */
    List<String> below(String label) {
        List<String> lines = text.lines().toList();
        int at = 0;
        while (!lines.get(at).strip().startsWith(label + " (")) {
            at++;
        }
        int indent = indent(lines.get(at));
        return lines.stream()
                .skip(at + 1L)
                .takeWhile(line -> indent(line) > indent)
                .map(String::strip)
                .filter(line -> !line.startsWith("started at "))
                .toList();
    }

    private static int indent(String line) {
        return line.length() - line.stripLeading().length();
    }

    /** Returns the JSON object of the job or scope with that name, wherever it is. */
    Map<String, Object> object(String name) {
        List<Map<String, Object>> found =
                all(json).filter(each -> name.equals(each.get("name"))).toList();
        assertEquals(1, found.size(), () -> "objects called " + name + " in " + json);
        return found.get(0);
    }

    static Stream<Map<String, Object>> all(Map<String, Object> object) {
        return Stream.concat(
                Stream.of(object),
                Stream.of("jobs", "scopes")
                        .flatMap(list -> list(object, list).stream())
                        .flatMap(Dump::all));
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> list(Map<String, Object> object, String name) {
        return (List<Map<String, Object>>) object.getOrDefault(name, List.of());
    }

    static int number(Map<String, Object> object, String name) {
        return ((Number) object.get(name)).intValue();
    }

    /** Replaces the age by 0, because a slow machine may be a second late. */
    static String ageless(String line) {
        return line.replaceAll("age \\d+ s", "age 0 s");
    }
}
