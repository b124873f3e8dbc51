package io.github.coro4j.examples;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the user asked for.
 *
 * @param directory the directory to walk, as typed
 * @param atOnce how many files to read at the same time
 * @param help whether to explain the program instead
 */
record DigestArguments(String directory, int atOnce, boolean help) {
    static final int DEFAULT_AT_ONCE = 8;

    static final String USAGE =
            """
            usage: digest [--at-once N] [DIRECTORY]

            Prints the SHA-256 of every regular file below DIRECTORY (default: .), as sha256sum does,
            in the byte order of the paths. Symbolic links are not followed.

              --at-once N   read at most N files at the same time (default: 8)
              --help        print this

            Exit codes: 0 all files were read, 1 something failed, 2 wrong arguments, 130 Ctrl-C.
            """;

    /**
     * Reads the arguments.
     *
     * @throws IllegalArgumentException for those that make no sense; the message names the argument and the way out
     */
    static DigestArguments parse(String... args) {
        String directory = null;
        int atOnce = DEFAULT_AT_ONCE;
        boolean options = true;
        for (int i = 0; i < args.length; i++) {
            String arg = args[i];
            if (!options || !arg.startsWith("-")) {
                directory = onlyDirectory(directory, arg);
            } else if (arg.equals("--")) {
                options = false;
            } else if (arg.equals("--help") || arg.equals("-h")) {
                return new DigestArguments(".", atOnce, true);
            } else if (arg.equals("--at-once")) {
                i++;
                if (i == args.length) {
                    throw new IllegalArgumentException(
                            "--at-once needs a number after it, such as --at-once "
                                    + DEFAULT_AT_ONCE);
                }
                atOnce = atOnce(args[i]);
            } else if (arg.startsWith("--at-once=")) {
                atOnce = atOnce(arg.substring("--at-once=".length()));
            } else {
                throw new IllegalArgumentException(
                        "there is no option "
                                + arg
                                + "; see --help, and write a directory of that name as ./"
                                + arg);
            }
        }
        if (directory == null) {
            directory = ".";
        }
        checkDirectory(directory);
        return new DigestArguments(directory, atOnce, false);
    }

    private static String onlyDirectory(@Nullable String before, String arg) {
        if (before != null) {
            throw new IllegalArgumentException(
                    "two directories were given, \""
                            + before
                            + "\" and \""
                            + arg
                            + "\"; give one, and run the program once for each");
        }
        return arg;
    }

    private static int atOnce(String text) {
        int atOnce;
        try {
            atOnce = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            atOnce = 0;
        }
        if (atOnce < 1) {
            throw new IllegalArgumentException(
                    "--at-once \""
                            + text
                            + "\" is not a whole number from 1 to "
                            + Integer.MAX_VALUE
                            + "; give how many files to read at the same time, such as --at-once "
                            + DEFAULT_AT_ONCE);
        }
        return atOnce;
    }

    private static void checkDirectory(String directory) {
        if (directory.isEmpty()) {
            throw new IllegalArgumentException(
                    "the directory is an empty text; leave it out for the current directory");
        }
        Path path;
        try {
            path = Path.of(directory);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    "the directory \""
                            + directory
                            + "\" is no file name in the charset "
                            + DigestFile.charset()
                            + " ("
                            + e.getReason()
                            + "); go into that directory and give none, or set LC_ALL to a locale"
                            + " that has its characters",
                    e);
        }
        if (Files.isDirectory(path)) {
            return;
        }
        if (directory.equals(".")) {
            throw new IllegalArgumentException(
                    "the current directory \".\" was deleted, or its name has bytes that are no"
                            + " text in the charset "
                            + DigestFile.charset()
                            + "; give the full path of a directory");
        }
        throw new IllegalArgumentException(
                "\""
                        + directory
                        + "\" "
                        + (Files.exists(path)
                                ? "is not a directory"
                                : "does not exist or cannot be reached")
                        + "; give a directory, or none for the current one");
    }
}
