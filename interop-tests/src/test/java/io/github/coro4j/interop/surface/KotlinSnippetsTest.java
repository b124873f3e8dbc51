package io.github.coro4j.interop.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.interop.surface.KotlinCompilation.Problem;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The Kotlin compiler finds mistakes of its user, and accepts the right code beside each of them (R30). */
@Tag("compiler")
class KotlinSnippetsTest {
    private static final String NO_NULL = "null cannot be a value of a non-null type '%s'";
    private static final String MISMATCH = "type mismatch: expected '%s', actual '%s'";
    private static final String UNSAFE = "calls are allowed on a nullable receiver of type '%s'";

    /** The rest of a function, and a part of the error that it must have, or null if it must compile. */
    private record Snippet(String text, String error) {}

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @TempDir Path folder;

    private final List<Snippet> snippets = new ArrayList<>();

    // One test compiles all snippets, because the compiler takes seconds to start.
    @Test
    @Rule(30)
    void theCompilerRefusesEachMistakeAndNothingElse() throws Exception {
        results();
        nulls();
        bodies();
        branches();
        check();
    }

    private void results() {
        right("(future: Future<String>): String = future.join()");
        wrong("(future: Future<String?>): String = future.join()", MISMATCH, "String", "String?");
        right("(future: Future<String>) = future.exception()?.message");
        wrong("(future: Future<String>) = future.exception().message", UNSAFE, "Throwable?");
        right("(end: Outcome.Failure<Int>): Throwable = end.exceptionOrNull()");
        wrong(
                "(end: Outcome<Int>): Throwable = end.exceptionOrNull()",
                MISMATCH,
                "Throwable",
                "Throwable?");
        right("() = Task.current()?.name()");
        wrong("() = Task.current().name()", UNSAFE, "Task<*>?");
    }

    private void nulls() {
        right("(scope: TaskScope) = scope.start(\"a\", Callable { 1 })");
        wrong("(scope: TaskScope) = scope.start(null, Callable { 1 })", NO_NULL, "String");
        wrong("(scope: TaskScope) = scope.start<Int>(null)", NO_NULL, "Callable<out Int>");
        wrong("() = TaskScope.open(null)", NO_NULL, "String");
        wrong("(future: Future<Int>) = future.cancelAndJoin(null)", NO_NULL, "String");
        wrong("(future: Future<Int>) = future.cancel(null)", "none of the following candidates");
        wrong(
                "(future: Future<Int>) = future.addDoneCallback(null)",
                NO_NULL,
                "Consumer<in Future<Int>>");
        wrong("() = Future.failed<Int>(null)", NO_NULL, "Throwable");
        wrong("() = Outcome.Failure<Int>(null)", NO_NULL, "Throwable");
    }

    private void bodies() {
        right("() = Task.start<String?> { null }");
        wrong("() = Task.start<String> { null }", MISMATCH, "String!", "Nothing?");
        right("(promise: Promise<String?>) = promise.complete(null)");
        wrong("(promise: Promise<String>) = promise.complete(null)", NO_NULL, "String");
        right("() = Future.completed<String?>(null)");
        wrong("() = Future.completed<String>(null)", NO_NULL, "String");
        right("(future: Future<Int>): Future<String?> = future.map { null }");
        wrong("(future: Future<Int>): Future<String> = future.map { null }", NO_NULL, "String");
        right("(scope: TaskScope) = scope.gather<Int, String?>(listOf(1)) { null }");
        wrong(
                "(scope: TaskScope) = scope.gather<Int, String>(listOf(1)) { null }",
                NO_NULL,
                "String");
        right("() = TaskScope.run<String?>(\"a\") { null }");
        wrong("() = TaskScope.run<String>(\"a\") { null }", NO_NULL, "String");
    }

    private void branches() {
        String two = "is Outcome.Success -> 1; is Outcome.Failure -> 2";
        right("(end: Outcome<Int>) = when (end) { " + two + "; is Outcome.Cancelled -> 3 }");
        wrong(
                "(end: Outcome<Int>) = when (end) { " + two + " }",
                "'when' expression must be exhaustive");
    }

    private void right(String text) {
        snippets.add(new Snippet(text, null));
    }

    private void wrong(String text, String error, Object... types) {
        snippets.add(new Snippet(text, error.formatted(types)));
    }

    private void check() throws Exception {
        StringBuilder file = new StringBuilder("import io.github.coro4j.*;");
        file.append(" import java.util.concurrent.Callable\n");
        int line = 1;
        for (Snippet each : snippets) {
            file.append("fun snippet").append(++line).append(each.text).append('\n');
        }
        List<Problem> problems =
                new KotlinCompilation().file("Snippets.kt", file.toString()).problems(folder);
        line = 1;
        for (Snippet each : snippets) {
            int here = ++line;
            List<String> errors =
                    problems.stream()
                            .filter(problem -> problem.line() == here)
                            .map(Problem::text)
                            .toList();
            assertEquals(each.error == null ? 0 : 1, errors.size(), each.text + ": " + errors);
            if (each.error != null) {
                assertTrue(errors.get(0).contains(each.error), errors::toString);
            }
        }
    }
}
