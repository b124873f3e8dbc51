package io.github.coro4j.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** A module is published if its POM sets {@code maven.deploy.skip} to false. */
class PublishedModulesTest {
    @Test
    void theBom_namesExactlyThePublishedJars() throws Exception {
        TreeSet<String> published = new TreeSet<>();
        for (Pom each : Modules.published().values()) {
            if (!each.text("packaging").equals("pom")) {
                published.add(each.text("artifactId"));
            }
        }
        TreeSet<String> named =
                Pom.read(Modules.ROOT.resolve("bom").resolve("pom.xml"))
                        .dependencies("dependencyManagement/dependencies/dependency")
                        .stream()
                        .map(PomDependency::name)
                        .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(published, named, "bom/pom.xml must name each published jar, and no other");
    }

    @Test
    void eachPublishedModule_isPartOfARelease() throws Exception {
        Pom root = Pom.read(Modules.ROOT.resolve("pom.xml"));
        TreeSet<String> released = new TreeSet<>();
        for (Element each : root.all("modules/module")) {
            released.add(each.getTextContent().strip());
        }
        for (Element profile : root.all("profiles/profile")) {
            if (!Pom.textOf(profile, "id").equals("release")) continue;
            for (Element each : Pom.all(profile, "modules/module")) {
                released.add(each.getTextContent().strip());
            }
        }
        assertTrue(
                released.containsAll(Modules.published().keySet()),
                () -> "the profile release lacks a published module: it has " + released);
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
