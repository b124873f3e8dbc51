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
     * Compares the jars of two staging folders, and prints each problem. Exits with 1 if there is one.
     *
     * @param arguments the staging folder of the release, that of this build, and the file of accepted changes
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3) {
            System.err.println(
                    "CompareWithRelease needs two staging folders and the file of accepted changes."
                            + " Found "
                            + arguments.length
                            + " arguments.");
            System.exit(2);
        }
        List<String> problems = new ArrayList<>();
        TreeSet<String> changes = new TreeSet<>();
        List<StagedArtifact> now = StagedArtifact.in(Path.of(arguments[1]));
        int compared = 0;
        String version = "";
        for (StagedArtifact old : StagedArtifact.in(Path.of(arguments[0]))) {
            if (!Files.exists(old.file(".jar"))) continue;
            version = old.version();
            List<StagedArtifact> same =
                    now.stream().filter(each -> each.name().equals(old.name())).toList();
            if (same.isEmpty()) {
                problems.add(old + " is no longer published. Users of it cannot update.");
                continue;
            }
            changes.addAll(ApiComparison.incompatible(old.file(".jar"), same.get(0).file(".jar")));
            compared++;
        }
        problems.addAll(
                problems(version, now.get(0).version(), changes, accepted(Path.of(arguments[2]))));
        problems.forEach(System.err::println);
        System.out.printf(
                "Compared %d jars with release %s: %d incompatible changes, %d problems.%n",
                compared, version, changes.size(), problems.size());
        System.exit(problems.isEmpty() ? 0 : 1);
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
