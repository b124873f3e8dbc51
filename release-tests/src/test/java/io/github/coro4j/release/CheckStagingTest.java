package io.github.coro4j.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Breaks a staging folder in one place, and expects the one problem that names this place. */
class CheckStagingTest {
    private static final String SAMPLE = "org.example:sample:1.2.3: ";

    @TempDir Path folder;
    private StagingTree tree;

    @BeforeEach
    void writeTree() throws Exception {
        tree = new StagingTree(folder);
    }

    @Test
    void aFolderThatObeysAllRules_hasNoProblem() throws Exception {
        assertEquals(List.of(), tree.problems());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<name>Sample</name>| |the POM has no name",
                "<description>A sample.</description>| |the POM has no description",
                "<url>https://example.org</url>|<url/>|the POM has no url",
                "<connection>scm:git:https://example.org/git</connection>| |the POM has no scm/connection",
                "<url>https://example.org/code</url>| |the POM has no scm/url",
                "<developer><name>Ann</name></developer>| |the POM has no developer",
                "<name>Ann</name>| |a developer of the POM has no name",
                "<url>https://example.org/license</url>| |a license of the POM has no name or no url",
                "<version>4.5</version>|<version>[4,5)</version>|the dependency org.other:other:[4,5) has no fixed version",
                "<version>4.5</version>| |the dependency org.other:other: has no fixed version",
                "<version>4.5</version>|<version>LATEST</version>|the dependency org.other:other:LATEST has no fixed version",
                "<version>4.5</version>|<version>4.5-SNAPSHOT</version>|the dependency org.other:other:4.5-SNAPSHOT is a snapshot",
                "<scope>runtime</scope>|<scope>test</scope>|the POM has the dependency org.other:other:4.5 with the scope test",
                "sample-api</artifactId>|sample-secret</artifactId>|the dependency org.example:sample-secret:1.2.3 is not published with it",
                "<artifactId>sample</artifactId>|<artifactId>other</artifactId>|the folder says artifactId sample, but the POM says other",
                "<groupId>org.example</groupId><artifactId>sample-api|<groupId>org.other</groupId><artifactId>${name}|the POM has a ${property}",
            })
    void aBrokenPom_isAProblem(String old, String now, String problem) throws Exception {
        tree.replace("sample", ".pom", old, now == null ? "" : now);
        assertEquals(List.of(SAMPLE + problem), tree.problems());
    }

    @ParameterizedTest
    @CsvSource({
        "parent",
        "modules",
        "properties",
        "repositories",
        "pluginRepositories",
        "distributionManagement",
        "build",
        "reporting",
        "profiles"
    })
    void aPartOfAPomThatUsersDoNotNeed_isAProblem(String part) throws Exception {
        tree.replace("sample", ".pom", "<scm>", "<" + part + "/><scm>");
        assertEquals(List.of(SAMPLE + "the POM has <" + part + ">"), tree.problems());
    }

    @Test
    void noLicenseInThePom_isAProblem() throws Exception {
        tree.replace(
                "sample",
                ".pom",
                "<license><name>Apache-2.0</name><url>https://example.org/license</url></license>",
                "");
        assertEquals(List.of(SAMPLE + "the POM has no license"), tree.problems());
    }

    @Test
    void managedDependenciesOfAJar_areAProblem() throws Exception {
        tree.replace("sample", ".pom", "<scm>", "<dependencyManagement/><scm>");
        assertEquals(
                List.of(SAMPLE + "the POM has <dependencyManagement>, which only a BOM needs"),
                tree.problems());
    }

    @Test
    void aBomThatLacksAnArtifact_isAProblem() throws Exception {
        tree.replace(
                "sample-bom",
                ".pom",
                StagingTree.dependency("org.example", "sample-api", "1.2.3", "compile"),
                "");
        assertEquals(
                List.of(
                        "org.example:sample-bom:1.2.3: the BOM does not name"
                                + " org.example:sample-api:1.2.3"),
                tree.problems());
    }

    @TestFactory
    Stream<DynamicTest> aFileThatIsMissing_isAProblem() {
        return Stream.of(
                        ".jar", "-sources.jar", "-javadoc.jar", "-cyclonedx.json", "-cyclonedx.xml")
                .map(
                        end ->
                                DynamicTest.dynamicTest(
                                        end,
                                        () -> {
                                            StagingTree own =
                                                    new StagingTree(
                                                            Files.createTempDirectory(
                                                                    folder, "own"));
                                            Path file = own.file("sample", end);
                                            Files.delete(file);
                                            assertEquals(
                                                    List.of(
                                                            SAMPLE
                                                                    + file.getFileName()
                                                                    + " is missing"),
                                                    own.problems());
                                        }));
    }

    @ParameterizedTest
    @CsvSource({".jar", "-sources.jar", "-javadoc.jar"})
    void anEmptyJar_isAProblem(String end) throws Exception {
        tree.jar("sample", end, "META-INF/LICENSE");
        assertEquals(List.of(SAMPLE + "sample-1.2.3" + end + " is empty"), tree.problems());
    }

    @ParameterizedTest
    @CsvSource({".jar,A.class", "-sources.jar,A.kt", "-javadoc.jar,index.html"})
    void aJarWithoutLicence_isAProblem(String end, String entry) throws Exception {
        tree.jar("sample", end, entry);
        assertEquals(
                List.of(SAMPLE + "sample-1.2.3" + end + " lacks the licence in META-INF/LICENSE"),
                tree.problems());
    }

    @Test
    void anotherLicence_isAProblem() throws Exception {
        Files.writeString(tree.license, "another licence");
        assertEquals(6, tree.problems().size());
    }

    @Test
    void aFileThatIsNoJar_isAProblem() throws Exception {
        tree.write("sample", ".jar", "no zip");
        List<String> problems = tree.problems();
        assertEquals(1, problems.size(), problems::toString);
        assertTrue(problems.get(0).startsWith(SAMPLE + "sample-1.2.3.jar is no jar"));
    }

    @ParameterizedTest
    @CsvSource({"-cyclonedx.json", "-cyclonedx.xml"})
    void theSbomOfAnotherArtifact_isAProblem(String end) throws Exception {
        tree.replace("sample", end, "/sample@", "/other@");
        assertEquals(
                List.of(SAMPLE + "sample-1.2.3" + end + " is not the SBOM of this artifact"),
                tree.problems());
    }

    @ParameterizedTest
    @CsvSource({".pom.md5", ".pom.sha1", ".jar.md5", "-sources.jar.sha1", "-cyclonedx.json.md5"})
    void aWrongOrMissingChecksum_isAProblem(String end) throws Exception {
        Path checksum = tree.file("sample", end);
        Files.writeString(checksum, "0123");
        List<String> expected = List.of(SAMPLE + checksum.getFileName() + " is missing or wrong");
        assertEquals(expected, tree.problems());
        Files.delete(checksum);
        assertEquals(expected, tree.problems());
    }

    @Test
    void aFileThatNoRuleKnows_isAProblem() throws Exception {
        Files.writeString(tree.file("sample", "-tests.jar"), "tests");
        assertEquals(
                List.of(SAMPLE + "sample-1.2.3-tests.jar does not belong to a release"),
                tree.problems());
    }

    @Test
    void aSnapshotAndASecondVersion_areProblems() throws Exception {
        Path snapshot = tree.staging.resolve("org/example/late/2-SNAPSHOT");
        Files.createDirectories(snapshot);
        String pom = Files.readString(tree.file("sample-api", ".pom"));
        Files.writeString(
                snapshot.resolve("late-2-SNAPSHOT.pom"),
                pom.replace("sample-api", "late").replace("1.2.3", "2-SNAPSHOT"));
        List<String> problems = tree.problems();
        assertTrue(
                problems.contains("org.example:late:2-SNAPSHOT: the version is a snapshot"),
                problems::toString);
        assertTrue(
                problems.contains("The staging folder has several versions: [1.2.3, 2-SNAPSHOT]"),
                problems::toString);
    }

    @Test
    void aFolderWithoutArtifacts_isRefused() throws Exception {
        Path none = folder.resolve("none");
        String missing =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> CheckStaging.problems(none, tree.license, null))
                        .getMessage();
        assertEquals(
                "The staging folder "
                        + none
                        + " does not exist. Run ./mvnw deploy -Prelease first.",
                missing);
        Files.createDirectories(none);
        String empty =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> CheckStaging.problems(none, tree.license, null))
                        .getMessage();
        assertEquals(
                "The staging folder "
                        + none
                        + " has no artifact. Run ./mvnw deploy -Prelease first.",
                empty);
    }
}
