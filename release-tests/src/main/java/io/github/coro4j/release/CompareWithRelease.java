package io.github.coro4j.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Compares the API of this build with that of a release. A change that breaks users must be in the file of accepted changes,
 * and a version that promises to keep the API
 * accepts none: a patch before 1.0, and a patch or minor version from then on.
 */
public final class CompareWithRelease {
    private CompareWithRelease() {}

    /**
     * Compares the jars of a release with those of a staging folder, and prints each problem. Exits with 1 if there is one.
     *
     * @param arguments the folder with the jars of the release, the version of the release, the staging folder, and the file
     *     of accepted changes
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 4) {
            System.err.println(
                    "CompareWithRelease needs the folder with the jars of a release, its version, a"
                            + " staging folder and the file of accepted changes. Found "
                            + arguments.length
                            + " arguments.");
            System.exit(2);
        }
        List<String> problems =
                compare(
                        Path.of(arguments[0]),
                        arguments[1],
                        StagedArtifact.in(Path.of(arguments[2])),
                        accepted(Path.of(arguments[3])));
        problems.forEach(System.err::println);
        System.out.printf(
                "Compared the API with release %s: %d problems.%n", arguments[1], problems.size());
        System.exit(problems.isEmpty() ? 0 : 1);
    }

    /** Returns what is wrong with the staged jars, for users of the jars of a release. */
    static List<String> compare(
            Path jars, String release, List<StagedArtifact> staged, TreeSet<String> accepted)
            throws IOException {
        String end = "-" + release + ".jar";
        List<Path> olds;
        try (Stream<Path> files = Files.list(jars)) {
            olds = files.filter(each -> each.toString().endsWith(end)).sorted().toList();
        }
        if (olds.isEmpty()) {
            throw new IllegalArgumentException(
                    "The folder " + jars + " has no jar of the release " + release + ".");
        }
        List<String> problems = new ArrayList<>();
        TreeSet<String> changes = new TreeSet<>();
        for (Path old : olds) {
            String name = old.getFileName().toString().replace(end, "");
            Path now =
                    staged.stream()
                            .filter(each -> each.name().equals(name))
                            .map(each -> each.file(".jar"))
                            .findFirst()
                            .orElse(null);
            if (now == null) {
                problems.add(name + " is no longer published, so its users cannot update.");
            } else {
                changes.addAll(ApiComparison.incompatible(old, now));
            }
        }
        problems.addAll(problems(release, staged.get(0).version(), changes, accepted));
        return problems;
    }

    /** Returns the lines of the file of accepted changes that are neither empty nor comments. */
    static TreeSet<String> accepted(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(String::strip)
                    .filter(each -> !each.isEmpty() && !each.startsWith("#"))
                    .collect(TreeSet::new, TreeSet::add, TreeSet::addAll);
        }
    }

    /**
     * Returns what is wrong with a set of incompatible changes.
     *
     * @param release the version of the last release
     * @param now the version of this build
     * @param changes the incompatible changes between the two
     * @param accepted the changes that the project has accepted
     */
    static List<String> problems(
            String release, String now, TreeSet<String> changes, TreeSet<String> accepted) {
        boolean mustKeepAll = line(release).equals(line(now));
        List<String> problems = new ArrayList<>();
        for (String each : changes) {
            if (mustKeepAll) {
                problems.add(
                        each
                                + " breaks users of "
                                + release
                                + ", but "
                                + now
                                + " promises not to. Undo the change, or raise the "
                                + (now.startsWith("0.") ? "minor" : "major")
                                + " version.");
            } else if (!accepted.contains(each)) {
                problems.add(
                        each
                                + " breaks users of "
                                + release
                                + ". Undo the change, or add this line to accepted-changes.txt"
                                + " and to the change log.");
            }
        }
        for (String each : accepted) {
            if (!changes.contains(each)) {
                problems.add(
                        each
                                + " is accepted, but "
                                + now
                                + " has no such change since "
                                + release
                                + ". Remove the line from accepted-changes.txt.");
            }
        }
        return problems;
    }

    /** Returns the part of a version that versions with the same API share: major and minor, or only the major from 1.0 on. */
    private static String line(String version) {
        String[] parts = version.split("[.-]");
        return parts[0].equals("0") ? parts[0] + "." + parts[1] : parts[0];
    }
}
