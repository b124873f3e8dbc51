package io.github.coro4j.interop.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads code from documents, and from the regions of test sources that must have the same code. */
public final class Snippets {
    private Snippets() {}

    /** Returns the fenced blocks of a language in a Markdown file. The empty language is plain output. */
    public static List<String> fenced(Path markdown, String language) {
        return fencedLines(markdown, language).stream().map(Snippets::normal).toList();
    }

    /** Returns the same as {@link #fenced}, but with the line breaks of the file. */
    public static List<String> fencedLines(Path markdown, String language) {
        List<String> blocks = new ArrayList<>();
        Matcher fence = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$").matcher(read(markdown));
        while (fence.find()) {
            if (fence.group(1).equals(language)) {
                blocks.add(fence.group(2));
            }
        }
        return blocks;
    }

    /** Returns the {@code <pre>} blocks of the javadoc of a source file. */
    public static List<String> javadoc(Path source) {
        List<String> blocks = new ArrayList<>();
        Matcher pre =
                Pattern.compile("(?s)<pre>\\{@code\\n(.*?)\\n\\s*\\* \\}</pre>")
                        .matcher(read(source));
        while (pre.find()) {
            blocks.add(normal(pre.group(1).replaceAll("(?m)^\\s*\\* ?", "")));
        }
        return blocks;
    }

    /** Returns the fenced blocks of a language in the KDoc of a source file. */
    public static List<String> kdoc(Path source, String language) {
        List<String> blocks = new ArrayList<>();
        Matcher fence =
                Pattern.compile("(?ms)^ +\\* ```(\\w*)\\n(.*?)^ +\\* ```$").matcher(read(source));
        while (fence.find()) {
            if (fence.group(1).equals(language)) {
                blocks.add(normal(fence.group(2).replaceAll("(?m)^ +\\* ?", "")));
            }
        }
        return blocks;
    }

    /** Returns the code between each {@code // region} and {@code // endregion} in a test source. */
    public static List<String> regions(Path source) {
        List<String> regions = new ArrayList<>();
        Matcher region =
                Pattern.compile("(?ms)^ *// region.*?\\n(.*?)^ *// endregion")
                        .matcher(read(source));
        while (region.find()) {
            regions.add(normal(region.group(1)));
        }
        return regions;
    }

    /** Returns the regions of all test sources below a folder. */
    public static Set<String> regionsBelow(Path folder) throws IOException {
        Set<String> regions = new HashSet<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(Files::isRegularFile).forEach(file -> regions.addAll(regions(file)));
        }
        return regions;
    }

    /** Removes indentation and line breaks, which the formatter decides. The rest of the code must be the same. */
    private static String normal(String code) {
        return code.replaceAll("\\s+", " ")
                .replaceAll("\\( ", "(")
                .replaceAll(",? \\)", ")") // ktfmt adds a comma when it breaks a line
                .replace(" .", ".")
                .strip();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
