package io.github.coro4j.release;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.w3c.dom.Element;

/** What Maven Central asks of a POM, and what users need of it. */
final class PomRules {
    private static final Pattern FIXED_VERSION = Pattern.compile("[0-9A-Za-z][0-9A-Za-z.+_-]*");
    private static final List<String> LEFT_OUT =
            List.of(
                    "parent",
                    "modules",
                    "properties",
                    "repositories",
                    "pluginRepositories",
                    "distributionManagement",
                    "build",
                    "reporting",
                    "profiles");

    private final Set<String> staged;
    private final Problems problems;

    PomRules(List<StagedArtifact> staged, Problems problems) {
        this.staged = staged.stream().map(Object::toString).collect(Collectors.toSet());
        this.problems = problems;
    }

    void check(StagedArtifact artifact) throws IOException {
        Pom pom = Pom.read(artifact.file(".pom"));
        coordinates(artifact, pom);
        description(artifact, pom);
        dependencies(artifact, pom);
        for (String each : LEFT_OUT) {
            problems.require(!pom.has(each), artifact, "the POM has <" + each + ">");
        }
        String text = Files.readString(artifact.file(".pom"));
        problems.require(!text.contains("${"), artifact, "the POM has a ${property}");
    }

    private void coordinates(StagedArtifact artifact, Pom pom) {
        same(artifact, "groupId", artifact.group(), pom.text("groupId"));
        same(artifact, "artifactId", artifact.name(), pom.text("artifactId"));
        same(artifact, "version", artifact.version(), pom.text("version"));
        problems.require(
                !artifact.version().endsWith("-SNAPSHOT"), artifact, "the version is a snapshot");
    }

    private void same(StagedArtifact artifact, String what, String folder, String pom) {
        problems.require(
                folder.equals(pom),
                artifact,
                "the folder says %s %s, but the POM says %s".formatted(what, folder, pom));
    }

    private void description(StagedArtifact artifact, Pom pom) {
        for (String each : List.of("name", "description", "url", "scm/connection", "scm/url")) {
            problems.require(!pom.text(each).isEmpty(), artifact, "the POM has no " + each);
        }
        List<Element> licenses = pom.all("licenses/license");
        problems.require(!licenses.isEmpty(), artifact, "the POM has no license");
        for (Element each : licenses) {
            problems.require(
                    !Pom.textOf(each, "name").isEmpty() && !Pom.textOf(each, "url").isEmpty(),
                    artifact,
                    "a license of the POM has no name or no url");
        }
        List<Element> developers = pom.all("developers/developer");
        problems.require(!developers.isEmpty(), artifact, "the POM has no developer");
        for (Element each : developers) {
            problems.require(
                    !Pom.textOf(each, "name").isEmpty(),
                    artifact,
                    "a developer of the POM has no name");
        }
    }

    private void dependencies(StagedArtifact artifact, Pom pom) {
        for (PomDependency each : pom.dependencies("dependencies/dependency")) {
            dependency(artifact, each);
            problems.require(
                    !each.scope().equals("test") && !each.scope().equals("system"),
                    artifact,
                    "the POM has the dependency %s with the scope %s"
                            .formatted(each, each.scope()));
        }
        for (PomDependency each :
                pom.dependencies("dependencyManagement/dependencies/dependency")) {
            dependency(artifact, each);
        }
        if (pom.text("packaging").equals("pom")) {
            bom(artifact, pom);
        } else {
            problems.require(
                    !pom.has("dependencyManagement"),
                    artifact,
                    "the POM has <dependencyManagement>, which only a BOM needs");
        }
    }

    private void dependency(StagedArtifact artifact, PomDependency each) {
        problems.require(
                FIXED_VERSION.matcher(each.version()).matches()
                        && !Set.of("LATEST", "RELEASE").contains(each.version()),
                artifact,
                "the dependency " + each + " has no fixed version");
        problems.require(
                !each.version().endsWith("-SNAPSHOT"),
                artifact,
                "the dependency " + each + " is a snapshot");
        problems.require(
                !each.group().equals(artifact.group()) || staged.contains(each.toString()),
                artifact,
                "the dependency " + each + " is not published with it");
    }

    /** A BOM names each other artifact, so that users who import it need no version. */
    private void bom(StagedArtifact artifact, Pom pom) {
        Set<String> named =
                pom.dependencies("dependencyManagement/dependencies/dependency").stream()
                        .map(Object::toString)
                        .collect(Collectors.toSet());
        for (String each : staged) {
            problems.require(
                    each.equals(artifact.toString()) || named.contains(each),
                    artifact,
                    "the BOM does not name " + each);
        }
    }
}
