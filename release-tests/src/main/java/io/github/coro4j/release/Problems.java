package io.github.coro4j.release;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong, so that one run of a program reports everything. */
final class Problems {
    private final List<String> found = new ArrayList<>();

    /** Adds a problem of an artifact unless the condition holds. */
    void require(boolean holds, StagedArtifact artifact, String problem) {
        if (!holds) {
            found.add(artifact + ": " + problem);
        }
    }

    List<String> all() {
        return List.copyOf(found);
    }
}
