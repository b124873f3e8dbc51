package io.github.coro4j.release;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of one artifact in a staging folder.
 *
 * @param folder the folder of the version
 * @param group the group, with dots
 * @param name the artifactId
 * @param version the version
 */
public record StagedArtifact(Path folder, String group, String name, String version) {
    /**
     * Returns the artifacts in a staging folder, in the order of their paths.
     *
     * @throws IllegalArgumentException if the folder does not exist or has no artifact
     */
    public static List<StagedArtifact> in(Path staging) throws IOException {
        if (!Files.isDirectory(staging)) {
            throw new IllegalArgumentException(
                    "The staging folder "
                            + staging
                            + " does not exist. Run ./mvnw deploy -Prelease first.");
        }
        List<Path> poms;
        try (Stream<Path> files = Files.walk(staging)) {
            poms = files.filter(each -> each.toString().endsWith(".pom")).sorted().toList();
        }
        if (poms.isEmpty()) {
            throw new IllegalArgumentException(
                    "The staging folder "
                            + staging
                            + " has no artifact. Run ./mvnw deploy -Prelease first.");
        }
        List<StagedArtifact> found = new ArrayList<>();
        for (Path pom : poms) {
            Path folder = pom.getParent();
            Path artifact = folder.getParent();
            String group = staging.relativize(artifact.getParent()).toString();
            found.add(
                    new StagedArtifact(
                            folder,
                            group.replace(folder.getFileSystem().getSeparator(), "."),
                            artifact.getFileName().toString(),
                            folder.getFileName().toString()));
        }
        return found;
    }

    /** Returns the file of this artifact with that end, such as {@code -sources.jar}. */
    public Path file(String end) {
        return folder.resolve(name + "-" + version + end);
    }

    /** Returns the names of all files of this artifact, sorted. */
    List<String> fileNames() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(each -> each.getFileName().toString()).sorted().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public String toString() {
        return group + ":" + name + ":" + version;
    }
}
