package io.github.coro4j.release;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Checks a staging folder against the rules of Maven Central, and against those of this project: what is published together
 * has one version, a licence in each jar, an SBOM and a BOM.
 */
public final class CheckStaging {
    private CheckStaging() {}

    /**
     * Checks the folder, and prints each problem. Exits with 1 if there is one.
     *
     * @param arguments the staging folder, the licence file, and, if the files must be signed, the home folder of GnuPG
     */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 2 || arguments.length > 3) {
            System.err.println(
                    "CheckStaging needs a staging folder, a licence file and, for signed files, a home"
                            + " folder of GnuPG. Found "
                            + arguments.length
                            + " arguments.");
            System.exit(2);
        }
        Path staging = Path.of(arguments[0]);
        Path keys = arguments.length == 3 ? Path.of(arguments[2]) : null;
        List<String> problems = problems(staging, Path.of(arguments[1]), keys);
        problems.forEach(System.err::println);
        List<StagedArtifact> artifacts = StagedArtifact.in(staging);
        System.out.printf(
                "Checked %d artifacts with %d files in %s: %d problems.%n",
                artifacts.size(),
                artifacts.stream().mapToInt(each -> each.fileNames().size()).sum(),
                staging,
                problems.size());
        System.exit(problems.isEmpty() ? 0 : 1);
    }

    /**
     * Returns what is wrong in a staging folder.
     *
     * @param staging the folder
     * @param license the file that each jar must have in {@code META-INF/LICENSE}
     * @param keys the home folder of GnuPG with the public key, or null if the files are not signed
     * @throws IllegalArgumentException if the folder does not exist or has no artifact
     */
    static List<String> problems(Path staging, Path license, Path keys)
            throws IOException, InterruptedException {
        List<StagedArtifact> artifacts = StagedArtifact.in(staging);
        Problems problems = new Problems();
        PomRules poms = new PomRules(artifacts, problems);
        FileRules files = new FileRules(license, keys != null, problems);
        SignatureRule signatures = keys == null ? null : new SignatureRule(keys, problems);
        TreeSet<String> versions = new TreeSet<>();
        for (StagedArtifact each : artifacts) {
            versions.add(each.version());
            poms.check(each);
            for (Path file : files.check(each)) {
                if (signatures != null) {
                    signatures.check(each, file);
                }
            }
        }
        List<String> all = new ArrayList<>(problems.all());
        if (versions.size() > 1) {
            all.add("The staging folder has several versions: " + versions);
        }
        return all;
    }
}
