package io.github.coro4j.interop.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.coro4j.spi.BuildInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every link from a message to docs/errors.md leads to a heading of that page. */
class ErrorsDocTest {
    private static final Path ERRORS = Path.of("../docs/errors.md");

    @Test
    void linkOfAMessage_leadsToThePublicPage() {
        assertEquals(
                "See https://coro4j.github.io/coro4j/errors.html#deadlock",
                BuildInfo.seeError("deadlock"));
    }

    @Test
    void everyLinkInAMessage_leadsToAHeading() throws IOException {
        Set<String> links = new TreeSet<>();
        Pattern link = Pattern.compile("seeError\\(\"([a-z-]+)\"\\)");
        for (String module : new String[] {"java-api", "kotlin-impl"}) {
            try (Stream<Path> sources = Files.walk(Path.of("..", module, "src", "main"))) {
                for (Path source : sources.filter(Files::isRegularFile).toList()) {
                    link.matcher(Files.readString(source))
                            .results()
                            .forEach(found -> links.add(found.group(1)));
                }
            }
        }
        assertFalse(links.isEmpty(), "messages have links");
        Set<String> headings = new TreeSet<>();
        Pattern.compile("(?m)^## (.*)$")
                .matcher(Files.readString(ERRORS))
                .results()
                .forEach(found -> headings.add(found.group(1)));
        links.removeAll(headings);
        assertEquals(Set.of(), links, "links without a heading");
    }
}
