package io.github.coro4j.interop.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Writes a picture for the documentation as SVG: a light panel with text, lines and boxes. */
public final class Svg {
    public static final int WIDTH = 720;

    private static final Path IMAGES = Path.of("../docs/images");
    private static final String WRITE =
            "./mvnw test -pl interop-tests -am -Dsurefire.failIfNoSpecifiedTests=false"
                    + " -Dtest=GatherPicturesTest,TaskStatesPictureTest -Ddiagrams=write";

    private final StringBuilder body = new StringBuilder();
    private final String title;
    private final String description;

    /**
     * @param title the name of the picture, for readers who do not see it
     * @param description what the picture shows, for the same readers
     */
    public Svg(String title, String description) {
        this.title = title;
        this.description = description;
    }

    /** Adds an element, with attributes as pairs of a name and a value. */
    public Svg add(String element, Object... attributes) {
        body.append("  ").append(tag(element, attributes)).append("/>\n");
        return this;
    }

    /** Adds a line of text, with attributes as pairs of a name and a value. */
    public Svg text(String text, double x, double y, Object... attributes) {
        body.append("  ")
                .append(tag("text", "x", x, "y", y))
                .append(tag("", attributes).substring(1))
                .append('>')
                .append(escaped(text))
                .append("</text>\n");
        return this;
    }

    private static String tag(String element, Object... attributes) {
        StringBuilder tag = new StringBuilder("<").append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            tag.append(' ').append(attributes[i]).append("=\"");
            tag.append(escaped(number(attributes[i + 1]))).append('"');
        }
        return tag.toString();
    }

    /** Returns a number without needless digits, and other values as they are. */
    public static String number(Object value) {
        if (value instanceof Double number) {
            return String.format(Locale.ROOT, "%.1f", number).replaceAll("\\.0$", "");
        }
        return String.valueOf(value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** Returns the picture with the given height, and with definitions such as patterns and markers. */
    public String picture(int height, String definitions) {
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" aria-labelledby=\"title desc\" font-family=\"sans-serif\" font-size=\"14\" fill=\"#1f2328\">\n"
                        .formatted(WIDTH, height, WIDTH, height)
                + "  <title id=\"title\">"
                + escaped(title)
                + "</title>\n  <desc id=\"desc\">"
                + escaped(description)
                + "</desc>\n  <defs>\n"
                + definitions.indent(4)
                + "  </defs>\n"
                + "  "
                + tag("rect", "x", 0.5, "y", 0.5, "width", WIDTH - 1, "height", height - 1)
                + tag("", "rx", 8, "fill", "#ffffff", "stroke", "#d0d7de").substring(1)
                + "/>\n"
                + body
                + "</svg>\n";
    }

    /** Compares a picture with the committed file. With {@code -Ddiagrams=write}, it writes the file first. */
    public static void assertCommitted(String file, String picture) throws IOException {
        Path path = IMAGES.resolve(file);
        if ("write".equals(System.getProperty("diagrams"))) {
            Files.createDirectories(IMAGES);
            Files.writeString(path, picture);
        }
        String committed = Files.exists(path) ? Files.readString(path) : "";
        assertEquals(picture, committed, path + " is stale; run " + WRITE);
    }
}
