package io.github.coro4j.examples;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;

/**
 * What one run of the program, in this process, gave.
 *
 * @param code the exit code
 * @param out what went to standard output
 * @param err what went to standard error
 */
record DigestRun(int code, String out, String err) {

    static DigestRun of(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Digest.run(args, printTo(out), printTo(err));
        return new DigestRun(code, text(out), text(err));
    }

    static DigestRun with(DigestReader reader, String... args) {
        return with(reader, new DigestStop(), args);
    }

    static DigestRun with(DigestReader reader, DigestStop stop, String... args) {
        return with(new Digest(reader, OptionalInt.empty(), stop), args);
    }

    static DigestRun with(Digest digest, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = digest.runWith(args, printTo(out), printTo(err));
        return new DigestRun(code, text(out), text(err));
    }

    List<String> errLines() {
        return err.lines().toList();
    }

    private static PrintStream printTo(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
