package io.github.coro4j.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.w3c.dom.Element;

/**
 * Compares what the projects of {@link WriteConsumers} found on their class paths with a committed list, and with the SBOM of
 * the artifact.
 *
 * <p>Gradle reads the same POM. It takes the scope {@code compile} as {@code api}, and {@code runtime} for its run-time class
 * path. Where two versions meet, it prefers the later one, and Maven the nearer one. The rule {@code requireUpperBoundDeps} of
 * the projects makes sure that these are the same.
 */
public final class ClassPaths {
    private static final Pattern LINE =
            Pattern.compile("\\s+([\\w.-]+):([\\w.-]+):jar:([\\w.-]+):(compile|runtime).*");

    private ClassPaths() {}

    /**
     * Compares the class paths. Exits with 1 if they differ.
     *
     * @param arguments the staging folder, the folder of the projects, the committed list, and the file that gets the list
     *     of this run
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 4) {
            System.err.println(
                    "ClassPaths needs a staging folder, the folder of the projects, the committed list"
                            + " and the file for the new list. Found "
                            + arguments.length
                            + " arguments.");
            System.exit(2);
        }
        List<String> problems =
                problems(
                        Path.of(arguments[0]),
                        Path.of(arguments[1]),
                        Path.of(arguments[2]),
                        Path.of(arguments[3]));
        problems.forEach(System.err::println);
        System.out.printf(
                "Compared the class paths of users with %s: %d problems.%n",
                arguments[2], problems.size());
        System.exit(problems.isEmpty() ? 0 : 1);
    }

    /** Returns what differs, and writes the class paths of this run into the last file. */
    static List<String> problems(Path staging, Path projects, Path committed, Path now)
            throws IOException {
        List<String> found = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (StagedArtifact each : StagedArtifact.in(staging)) {
            if (!Files.exists(each.file(".jar"))) continue;
            TreeSet<String> compile = onClassPath(projects, each, "compile");
            TreeSet<String> runtime = onClassPath(projects, each, "runtime");
            found.addAll(lines(each, compile, runtime));
            TreeSet<String> sbom = sbom(each);
            if (!sbom.equals(runtime)) {
                problems.add(
                        "%s: the SBOM has %s, but a user gets %s".formatted(each, sbom, runtime));
            }
        }
        Files.write(now, found);
        if (!Files.readAllLines(committed).equals(found)) {
            problems.add(
                    "The class paths of users have changed. Compare "
                            + committed
                            + " with "
                            + now
                            + ", and copy it if the change is meant.");
        }
        return problems;
    }

    /** Returns the other artifacts on a class path. Those of this project have no version, because a release changes it. */
    private static List<String> lines(
            StagedArtifact artifact, TreeSet<String> compile, TreeSet<String> runtime) {
        TreeSet<String> all = new TreeSet<>(compile);
        all.addAll(runtime);
        return all.stream()
                .map(
                        each ->
                                "%s gets %s for %s"
                                        .formatted(
                                                artifact.name(),
                                                each.startsWith(artifact.group() + ":")
                                                        ? each.substring(0, each.lastIndexOf(':'))
                                                        : each,
                                                uses(
                                                        compile.contains(each),
                                                        runtime.contains(each))))
                .toList();
    }

    private static String uses(boolean atCompileTime, boolean atRunTime) {
        if (!atRunTime) return "compile time";
        return atCompileTime ? "compile time and run time" : "run time";
    }

    private static TreeSet<String> onClassPath(Path projects, StagedArtifact artifact, String scope)
            throws IOException {
        Path list = projects.resolve(artifact.name()).resolve(scope + ".txt");
        return Files.readAllLines(list).stream()
                .map(LINE::matcher)
                .filter(line -> line.matches() && !line.group(2).equals(artifact.name()))
                .map(line -> line.group(1) + ":" + line.group(2) + ":" + line.group(3))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static TreeSet<String> sbom(StagedArtifact artifact) throws IOException {
        TreeSet<String> found = new TreeSet<>();
        for (Element each : Pom.read(artifact.file("-cyclonedx.xml")).all("components/component")) {
            if (!Pom.textOf(each, "scope").equals("optional")) {
                found.add(
                        Pom.textOf(each, "group")
                                + ":"
                                + Pom.textOf(each, "name")
                                + ":"
                                + Pom.textOf(each, "version"));
            }
        }
        return found;
    }
}
