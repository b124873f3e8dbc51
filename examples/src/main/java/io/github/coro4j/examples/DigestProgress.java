package io.github.coro4j.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** How many files are done, and the bar that shows it, if there is one. */
final class DigestProgress implements AutoCloseable {
    private final AtomicInteger done = new AtomicInteger();
    private final PrintStream err;
    private final @Nullable ProgressBar bar;

    DigestProgress(int files, OptionalInt barWidth, PrintStream err) {
        this.err = err;
        this.bar = barWidth.isEmpty() || files == 0 ? null : bar(files, barWidth.getAsInt(), err);
    }

    /** The width of a bar on standard error, or empty if that is no terminal that can show one. */
    static OptionalInt widthOfStandardError() {
        if ("dumb".equals(System.getenv("TERM"))) {
            return OptionalInt.empty();
        }
        // Java cannot tell: System.console() is about standard input and output, and the output of
        // this program is often sent to a file. Where there is no sh, there is no bar.
        ProcessBuilder question =
                new ProcessBuilder(
                        "sh", "-c", "test -t 2 && { stty size <&2 2>/dev/null || echo 0 0; }");
        question.redirectError(ProcessBuilder.Redirect.INHERIT);
        try {
            Process answering = question.start();
            byte[] answer = answering.getInputStream().readAllBytes();
            return width(new String(answer, StandardCharsets.US_ASCII).trim());
        } catch (IOException e) {
            return OptionalInt.empty();
        }
    }

    void step() {
        done.incrementAndGet();
        if (bar != null) {
            bar.step();
        }
    }

    int done() {
        return done.get();
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            err.println();
        }
    }

    private static OptionalInt width(String rowsAndColumns) {
        if (!rowsAndColumns.matches("\\d{1,4} \\d{1,4}")) {
            return OptionalInt.empty();
        }
        int columns = Integer.parseInt(rowsAndColumns.substring(rowsAndColumns.indexOf(' ') + 1));
        // A terminal that does not know its size says 0. The last column stays free, or the line
        // wraps.
        return OptionalInt.of((columns < 20 ? 80 : columns) - 1);
    }

    private static ProgressBar bar(int files, int width, PrintStream err) {
        return new ProgressBarBuilder()
                .setTaskName("digest")
                .setInitialMax(files)
                .setUnit(" files", 1)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(100)
                .setConsumer(new Line(err, width))
                .build();
    }

    /** A bar that ends before it was first drawn never closes its consumer, so we end the line ourselves. */
    private static final class Line extends ConsoleProgressBarConsumer {
        Line(PrintStream err, int width) {
            super(err, width);
        }

        @Override
        public void close() {}
    }
}
