package io.github.coro4j.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** A module is published if its POM sets {@code maven.deploy.skip} to false. */
class PublishedModulesTest {
    @Test
    void theBom_namesExactlyThePublishedJars() throws Exception {
        String version = Modules.root().text("version");
        TreeSet<String> published = new TreeSet<>();
        for (Pom each : Modules.published().values()) {
            if (!each.text("packaging").equals("pom")) {
                published.add("io.github.coro4j:" + each.text("artifactId") + ":" + version);
            }
        }
        TreeSet<String> named =
                Modules.pom("bom")
                        .dependencies("dependencyManagement/dependencies/dependency")
                        .stream()
                        .map(Object::toString)
                        .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(published, named, "bom/pom.xml must name each published jar, and no other");
    }

    @Test
    void eachPublishedModule_isPartOfARelease() throws Exception {
        assertTrue(
                released().containsAll(Modules.published().keySet()),
                "the root POM must list each published module, or its profile release must");
    }

    @Test
    void theBundleForMavenCentral_hasOnlyPublishedArtifacts() throws Exception {
        Set<String> published =
                Modules.published().values().stream()
                        .map(each -> each.text("artifactId"))
                        .collect(Collectors.toSet());
        // The parent and the other modules that --also-make adds to a build of the published ones.
        TreeSet<String> notPublished = new TreeSet<>(Set.of("coro4j-parent"));
        for (Pom each : Modules.published().values()) {
            each.dependencies("dependencies/dependency").stream()
                    .filter(needed -> needed.group().equals("io.github.coro4j"))
                    .map(PomDependency::name)
                    .filter(name -> !published.contains(name))
                    .forEach(notPublished::add);
        }
        TreeSet<String> excluded = new TreeSet<>();
        for (Element each :
                Pom.all(
                        profile("central"),
                        "build/plugins/plugin/configuration/excludeArtifacts/excludeArtifact")) {
            excluded.add(each.getTextContent().strip());
        }
        assertEquals(notPublished, excluded, "excludeArtifacts in the profile central");
    }

    /** Returns the folders of the modules that a build with the profile release has. */
    private static TreeSet<String> released() throws IOException {
        TreeSet<String> found = new TreeSet<>();
        List<Element> modules = new ArrayList<>(Modules.root().all("modules/module"));
        modules.addAll(Pom.all(profile("release"), "modules/module"));
        modules.forEach(each -> found.add(each.getTextContent().strip()));
        return found;
    }

    private static Element profile(String id) throws IOException {
        return Modules.root().all("profiles/profile").stream()
                .filter(each -> Pom.textOf(each, "id").equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void eachPublishedJar_hasSourcesAndJavadoc() throws Exception {
        for (Map.Entry<String, Pom> each : Modules.published().entrySet()) {
            if (each.getValue().text("packaging").equals("pom")) continue;
            TreeSet<String> plugins = new TreeSet<>();
            for (String path :
                    new String[] {
                        "build/plugins/plugin", "profiles/profile/build/plugins/plugin"
                    }) {
                for (Element plugin : each.getValue().all(path)) {
                    plugins.add(Pom.textOf(plugin, "artifactId"));
                }
            }
            assertTrue(
                    plugins.contains("maven-source-plugin")
                            && (plugins.contains("maven-javadoc-plugin")
                                    || plugins.contains("dokka-maven-plugin")),
                    () ->
                            each.getKey()
                                    + "/pom.xml needs maven-source-plugin, and"
                                    + " maven-javadoc-plugin or dokka-maven-plugin");
        }
    }
}
