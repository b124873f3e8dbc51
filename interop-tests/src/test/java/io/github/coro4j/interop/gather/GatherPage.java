package io.github.coro4j.interop.gather;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The page docs/gather.md, of which a test writes and compares the tables of situations. */
final class GatherPage {
    private static final Path PAGE = Path.of("../docs/gather.md");
    private static final String TABLE = "| Situation |";

    private GatherPage() {}

    /** Returns each table of situations, by the heading above it. */
    static Map<String, List<String>> tables() throws IOException {
        Map<String, List<String>> tables = new LinkedHashMap<>();
        eachLine(
                (heading, line, inTable) -> {
                    if (inTable) {
                        tables.computeIfAbsent(heading, key -> new ArrayList<>()).add(line);
                    }
                });
        return tables;
    }

    /** Replaces the tables of situations, and leaves the rest of the page as it is. */
    static void write(Map<String, List<String>> tables) throws IOException {
        List<String> page = new ArrayList<>();
        eachLine(
                (heading, line, inTable) -> {
                    if (line.startsWith(TABLE)) {
                        page.addAll(tables.getOrDefault(heading, List.of()));
                    }
                    if (!inTable) {
                        page.add(line);
                    }
                });
        Files.write(PAGE, page);
    }

    /** A line of the page, the heading above it, and whether the line belongs to a table of situations. */
    private interface LineReader {
        void read(String heading, String line, boolean inTable);
    }

    private static void eachLine(LineReader reader) throws IOException {
        String heading = "";
        boolean inTable = false;
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("#")) {
                heading = line;
            }
            inTable = line.startsWith(TABLE) || inTable && line.startsWith("|");
            reader.read(heading, line, inTable);
        }
    }
}
