package io.github.coro4j.examples;

import static java.time.Duration.ofMillis;

import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;

/** Where the {@link Tour} prints, and the few things of Python that all its examples use. */
final class TourStage {
    private final PrintStream out;
    private String tutorial = "";
    private String firstLine = "";
    private String lastLine = "";

    TourStage(PrintStream out) {
        this.out = out;
    }

    /** An example's main coroutine. */
    interface Main {
        void run(TaskScope main) throws Exception;
    }

    /** Begins a tutorial, whose mains print these two lines. */
    void tutorial(String title, String firstLine, String lastLine) {
        tutorial = title;
        this.firstLine = firstLine;
        this.lastLine = lastLine;
    }

    void print(Object line) {
        // Not println(): the text is the same on every system.
        out.print(line + "\n");
    }

    void printFirstLine() {
        print(firstLine);
    }

    void printLastLine() {
        print(lastLine);
    }

    /** Plays an example, for what its main does between its first and its last line. */
    void example(String title, Main between) {
        wholeExample(
                title,
                main -> {
                    printFirstLine();
                    between.run(main);
                    printLastLine();
                });
    }

    /** Plays an example, as {@code asyncio.run(main())} does. */
    void wholeExample(String title, Main example) {
        print("== " + tutorial + ": " + title);
        try {
            TaskScope.run(
                    "main",
                    main -> {
                        example.run(main);
                        return null;
                    });
        } catch (CompletionException | CancellationException e) {
            print(originOf(e));
        }
        print("");
    }

    /** What {@code asyncio.sleep(1)} is to the tutorials: something that takes a while. */
    void sleep() {
        Task.sleep(ofMillis(10)).join();
    }

    /** For bodies that their example cancels. */
    void sleepUntilCancelled() {
        Promise.create().join();
    }

    /** As Python's: from 0 to before the end. */
    static List<Integer> range(int end) {
        return IntStream.range(0, end).boxed().toList();
    }

    private static Throwable originOf(Throwable e) {
        return e.getCause() == null ? e : originOf(e.getCause());
    }
}
