package io.github.coro4j.spi;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** What the build has written into the jar, for messages: the version, and the address of the page about errors. */
public final class BuildInfo {
    private BuildInfo() {}

    /**
     * Returns the version of this jar.
     *
     * @return the version, or "(unknown version)" if the jar lacks the file
     */
    public static String version() {
        return property("version", "(unknown version)");
    }

    /**
     * Returns the last sentence of a message, which leads to a heading of the page about errors.
     *
     * @param heading the heading, such as {@code deadlock}
     * @return the sentence, without a full stop, so that tools find the end of the address
     */
    public static String seeError(String heading) {
        return "See " + property("errors", "docs/errors.md") + "#" + heading;
    }

    private static String property(String name, String otherwise) {
        return Loaded.PROPERTIES.getProperty(name, otherwise);
    }

    /** Reads the file once, when a message first needs it. */
    private static final class Loaded {
        static final Properties PROPERTIES = load();

        private static Properties load() {
            Properties properties = new Properties();
            try (InputStream in = BuildInfo.class.getResourceAsStream("build.properties")) {
                if (in != null) {
                    properties.load(in);
                }
            } catch (IOException e) {
                // The message matters more than what it leads to.
            }
            return properties;
        }
    }
}
