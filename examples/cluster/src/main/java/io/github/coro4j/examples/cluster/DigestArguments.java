package io.github.coro4j.examples.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of {@link ClusterDigest}.
 *
 * @param directory where the files are
 * @param join the address of a member that runs, or null
 * @param limits the limits
 */
record DigestArguments(Path directory, @Nullable String join, DigestLimits limits) {
    static final String USAGE =
            "usage: cluster-digest [--at-once N] [--timeout SECONDS] [--hedge-after MILLIS] [--join HOST:PORT] DIRECTORY";

    /**
     * Reads the arguments.
     *
     * @throws IllegalArgumentException if they are wrong; the message names the argument and what it may be
     */
    static DigestArguments parse(String... args) {
        DigestLimits limits = DigestLimits.DEFAULT;
        String join = null;
        String directory = null;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--at-once" -> limits = limits.withAtOnce(number(args, i++));
                case "--timeout" ->
                        limits = limits.withTimeout(Duration.ofSeconds(number(args, i++)));
                case "--hedge-after" ->
                        limits = limits.withHedgeAfter(Duration.ofMillis(number(args, i++)));
                case "--join" -> join = address(args, i++);
                default -> directory = directory(args[i], directory);
            }
        }
        if (directory == null) {
            throw new IllegalArgumentException("DIRECTORY is missing. " + USAGE);
        }
        if (!Files.isDirectory(Path.of(directory))) {
            throw new IllegalArgumentException(
                    directory + " is not a directory. Pass one whose files to read.");
        }
        return new DigestArguments(Path.of(directory), join, limits);
    }

    private static String directory(String arg, @Nullable String before) {
        if (arg.startsWith("-")) {
            throw new IllegalArgumentException("there is no option " + arg + ". " + USAGE);
        }
        if (before != null) {
            throw new IllegalArgumentException(
                    "%s and %s are two directories. Pass one.".formatted(before, arg));
        }
        return arg;
    }

    private static String address(String[] args, int option) {
        String value = value(args, option);
        if (!value.matches("[^:]+:\\d+")) {
            throw new IllegalArgumentException(
                    "%s %s is no address. Pass HOST:PORT, as ClusterMember prints it."
                            .formatted(args[option], value));
        }
        return value;
    }

    private static int number(String[] args, int option) {
        String value = value(args, option);
        if (!value.matches("0*[1-9]\\d{0,8}")) {
            throw new IllegalArgumentException(
                    "%s %s is wrong. Pass a whole number from 1 to 999999999."
                            .formatted(args[option], value));
        }
        return Integer.parseInt(value);
    }

    private static String value(String[] args, int option) {
        if (option + 1 == args.length) {
            throw new IllegalArgumentException(args[option] + " needs a value. " + USAGE);
        }
        return args[option + 1];
    }
}
