package io.github.coro4j.examples.cluster;

import io.github.coro4j.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A tree of small files, and what a digest of it must be. */
final class Tree {
    private Tree() {}

    /** Writes files of different lengths into several directories, and returns them in order. */
    static List<Path> grow(Path root, int files) throws IOException {
        for (int i = 0; i < files; i++) {
            Path directory = Files.createDirectories(root.resolve("d" + i % 5));
            Files.write(
                    directory.resolve("f" + i),
                    "line of file %d\n".formatted(i).repeat(i * 7).getBytes());
        }
        return ClusterDigest.filesBelow(root);
    }

    static List<String> names(List<Path> files) {
        return files.stream().map(Path::toString).toList();
    }

    /** Returns the digests, computed on this thread by other code than that of the example. */
    static List<FileSum> localSums(List<Path> files) throws Exception {
        List<FileSum> sums = new ArrayList<>();
        for (Path file : files) {
            byte[] content = Files.readAllBytes(file);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            sums.add(new FileSum(HexFormat.of().formatHex(digest), content.length));
        }
        return sums;
    }

    /** Returns the values. Fails if there is another outcome. */
    static List<FileSum> values(List<Outcome<FileSum>> ends) {
        return ends.stream().map(Outcome::valueOrThrow).toList();
    }

    static List<Body> held(Gate gate, List<Path> files) throws IOException {
        List<Body> bodies = new ArrayList<>();
        for (Path file : files) {
            bodies.add(new HeldBody(gate, file.toString()));
        }
        return bodies;
    }
}
