package io.github.coro4j.examples;

import java.util.concurrent.CountDownLatch;

/**
 * The program with files that never come to an end if their name says {@code held}. Not a named pipe: opening one waits
 * in the system, where no interrupt reaches it, which is why the program never opens one.
 */
final class DigestHeldMain {
    private DigestHeldMain() {}

    public static void main(String[] args) {
        Digest.runAndExit(
                args,
                file ->
                        file.toString().endsWith("held")
                                ? new DigestChannel(
                                        DigestReader.openFile(file),
                                        () -> {
                                            System.err.println("reading");
                                            new CountDownLatch(1).await();
                                        },
                                        () -> System.err.println("closed"))
                                : DigestReader.openFile(file));
    }
}
