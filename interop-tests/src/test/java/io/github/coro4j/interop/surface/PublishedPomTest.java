package io.github.coro4j.interop.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the published POMs ask for. The versions of Kotlin and kotlinx.coroutines are the oldest that are tested. */
class PublishedPomTest {
    @Test
    void eachArtifact_bringsOnlyThese() throws Exception {
        List<PublishedPom> poms = PublishedPom.all();
        String version = poms.get(0).property("project.version");
        String jspecify = "jspecify:" + poms.get(0).property("jspecify.version") + ":compile";
        String api = "coro4j-api:" + version + ":compile";
        Map<String, Set<String>> expected =
                Map.of(
                        "coro4j-api",
                        Set.of(jspecify),
                        "coro4j-bridges",
                        Set.of(api, jspecify),
                        "coro4j-observe",
                        Set.of(api, jspecify),
                        "coro4j-spring-boot-starter",
                        Set.of(
                                "coro4j:" + version + ":compile",
                                "coro4j-bridges:" + version + ":compile",
                                "coro4j-observe:" + version + ":compile",
                                "spring-boot-autoconfigure:3.5.7:compile",
                                jspecify),
                        "coro4j-test",
                        Set.of(
                                "coro4j:" + version + ":compile",
                                "kotlin-stdlib:1.9.25:compile",
                                "kotlinx-coroutines-core:1.8.1:compile"),
                        "coro4j",
                        Set.of(
                                api,
                                "coro4j-bridges:" + version + ":runtime",
                                "kotlin-stdlib:1.9.25:compile",
                                "kotlinx-coroutines-core:1.8.1:compile"));
        assertEquals(
                expected,
                poms.stream()
                        .collect(
                                Collectors.toMap(
                                        PublishedPom::artifact, PublishedPom::dependencies)));
    }

    @Test
    void askedVersions_areTheOldestThatAreTested() throws Exception {
        for (PublishedPom each : PublishedPom.all()) {
            assertEquals(
                    each.property("oldest.kotlin.version"), each.property("asked.kotlin.version"));
            assertEquals(
                    each.property("oldest.coroutines.version"),
                    each.property("asked.coroutines.version"));
        }
    }
}
