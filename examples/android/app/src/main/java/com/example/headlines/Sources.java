package com.example.headlines;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The sources that the app asks. */
public final class Sources {
    private static volatile List<Source> all =
            Stream.of(
                            "world",
                            "europe",
                            "economy",
                            "science",
                            "health",
                            "culture",
                            "sport",
                            "travel",
                            "technology",
                            "weather")
                    .map(HttpSource::new)
                    .collect(Collectors.toUnmodifiableList());

    private Sources() {}

    /** {@return all sources, in the order in which the screen shows them} */
    public static List<Source> all() {
        return all;
    }

    /** Replaces the sources, for tests. */
    static void replace(List<Source> sources) {
        all = List.copyOf(sources);
    }
}
