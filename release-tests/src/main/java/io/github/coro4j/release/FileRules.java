package io.github.coro4j.release;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** The files that belong to an artifact, what is in them, and their checksums. */
final class FileRules {
    private static final List<String> SBOMS = List.of("-cyclonedx.json", "-cyclonedx.xml");
    private static final String LICENSE = "META-INF/LICENSE";
    private static final Map<String, String> CHECKSUMS = Map.of(".md5", "MD5", ".sha1", "SHA-1");

    /** Each jar, and what an entry of it looks like that shows that the jar is not empty. */
    private static final Map<String, Predicate<String>> JARS =
            Map.of(
                    ".jar", name -> name.endsWith(".class"),
                    "-sources.jar", name -> name.endsWith(".java") || name.endsWith(".kt"),
                    "-javadoc.jar", name -> name.equals("index.html"));

    private final byte[] license;
    private final boolean areSigned;
    private final Problems problems;

    FileRules(Path license, boolean areSigned, Problems problems) throws IOException {
        this.license = Files.readAllBytes(license);
        this.areSigned = areSigned;
        this.problems = problems;
    }

    /** Checks the files, and returns those that need a signature. */
    List<Path> check(StagedArtifact artifact) throws IOException {
        TreeSet<String> ends = new TreeSet<>(SBOMS);
        ends.add(".pom");
        if (!Pom.read(artifact.file(".pom")).text("packaging").equals("pom")) {
            ends.addAll(JARS.keySet());
        }
        TreeSet<String> unknown = new TreeSet<>(artifact.fileNames());
        for (String end : ends) {
            Path file = artifact.file(end);
            String name = file.getFileName().toString();
            if (unknown.remove(name)) {
                content(artifact, end, file);
                checksums(artifact, file);
            } else {
                problems.require(false, artifact, name + " is missing");
            }
            for (String derived : List.of("", ".asc")) {
                CHECKSUMS.keySet().forEach(each -> unknown.remove(name + derived + each));
            }
            if (areSigned) {
                unknown.remove(name + ".asc");
            }
        }
        for (String each : unknown) {
            problems.require(false, artifact, each + " does not belong to a release");
        }
        return ends.stream().map(artifact::file).filter(Files::exists).toList();
    }

    private void content(StagedArtifact artifact, String end, Path file) throws IOException {
        if (JARS.containsKey(end)) {
            jar(artifact, file, JARS.get(end));
        } else if (SBOMS.contains(end)) {
            String sbom = Files.readString(file);
            String self =
                    "pkg:maven/%s/%s@%s"
                            .formatted(artifact.group(), artifact.name(), artifact.version());
            problems.require(
                    sbom.contains("yclone") && sbom.contains(self),
                    artifact,
                    file.getFileName() + " is not the SBOM of this artifact");
        }
    }

    private void jar(StagedArtifact artifact, Path file, Predicate<String> isContent)
            throws IOException {
        try (ZipFile jar = new ZipFile(file.toFile())) {
            problems.require(
                    jar.stream().map(ZipEntry::getName).anyMatch(isContent),
                    artifact,
                    file.getFileName() + " is empty");
            ZipEntry entry = jar.getEntry(LICENSE);
            boolean isThere = false;
            if (entry != null) {
                try (InputStream in = jar.getInputStream(entry)) {
                    isThere = Arrays.equals(license, in.readAllBytes());
                }
            }
            problems.require(
                    isThere, artifact, file.getFileName() + " lacks the licence in " + LICENSE);
        } catch (ZipException failure) {
            problems.require(
                    false, artifact, file.getFileName() + " is no jar: " + failure.getMessage());
        }
    }

    private void checksums(StagedArtifact artifact, Path file) throws IOException {
        for (Map.Entry<String, String> each : CHECKSUMS.entrySet()) {
            Path stated = Path.of(file + each.getKey());
            problems.require(
                    Files.exists(stated)
                            && Files.readString(stated)
                                    .strip()
                                    .equals(digest(file, each.getValue())),
                    artifact,
                    stated.getFileName() + " is missing or wrong");
        }
    }

    static String digest(Path file, String algorithm) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException failure) {
            throw new IllegalStateException("Each Java platform has " + algorithm + ".", failure);
        }
    }
}
