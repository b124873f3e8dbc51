package io.github.coro4j.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.TreeMap;

/** Files below a directory, and what a program without tasks says of them. */
final class DigestTree {
    private final Path root;
    // Keys compare as bytes, as LC_ALL=C sort does: UTF-16 would put U+1F600 before U+FF21.
    private final TreeMap<String, byte[]> files =
            new TreeMap<>(
                    (a, b) ->
                            Arrays.compareUnsigned(
                                    a.getBytes(StandardCharsets.UTF_8),
                                    b.getBytes(StandardCharsets.UTF_8)));

    DigestTree(Path root) {
        this.root = root;
    }

    /** Names and sizes that programs get wrong. */
    static DigestTree ofTroublesomeFiles(Path root) {
        DigestTree tree = new DigestTree(root);
        byte[] big = new byte[5_000_001];
        new Random(17).nextBytes(big);
        tree.add("big", big);
        tree.add("one block", Arrays.copyOf(big, 1 << 16));
        tree.add("empty", new byte[0]);
        tree.add(" begins and ends with a space ", "x");
        tree.add("back\\slash", "x");
        tree.add("line\nbreak", "x");
        tree.add("\\n\n\\", "a backslash, an n, a line break and a backslash");
        tree.add("per%41cent", "x");
        tree.add("-dash", "x");
        tree.add("*", "x");
        // A slash is after an exclamation mark and before a zero, as a byte and here.
        tree.add("d!", "x");
        tree.add("d/b/c/deep", "x");
        tree.add("d/b0", "x");
        tree.add("d0", "x");
        tree.add("B", "x");
        if (DigestFile.charset().newEncoder().canEncode("\u00e9\uff21\ud83d\ude00")) {
            tree.add("\u00e9", "x");
            tree.add("\uff21", "x");
            tree.add("\ud83d\ude00", "x");
        }
        return tree;
    }

    Path root() {
        return root;
    }

    Path add(String name, String content) {
        return add(name, content.getBytes(StandardCharsets.UTF_8));
    }

    Path add(String name, byte[] content) {
        Path file = root.resolve(name);
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        files.put(name, content);
        return file;
    }

    /** The lines for all files but those named, each path after the given prefix. */
    String sums(String prefix, String... without) {
        StringBuilder lines = new StringBuilder();
        files.forEach(
                (name, content) -> {
                    if (!Arrays.asList(without).contains(name)) {
                        lines.append(line(prefix + name, content));
                    }
                });
        return lines.toString();
    }

    private static String line(String path, byte[] content) {
        String escaped = path.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
        String mark = escaped.equals(path) ? "" : "\\";
        return mark + sha256(content) + "  " + escaped + "\n";
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
