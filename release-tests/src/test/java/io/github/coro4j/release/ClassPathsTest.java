package io.github.coro4j.release;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads lists as Maven's dependency plugin writes them. */
class ClassPathsTest {
    private static final String API = "   org.example:sample-api:jar:1.2.3:compile -- module api\n";
    private static final String OTHER = "   org.other:other:jar:4.5:runtime\n";
    private static final List<String> EXPECTED =
            List.of(
                    "sample gets org.example:sample-api for compile time and run time",
                    "sample gets org.other:other:4.5 for run time");

    @TempDir Path folder;
    private StagingTree tree;

    @BeforeEach
    void writeProjects() throws Exception {
        tree = new StagingTree(folder);
        lists("sample-api", "", "");
        lists("sample", API, API + OTHER);
        sbom(
                component("org.example", "sample-api", "1.2.3"),
                component("org.other", "other", "4.5"));
    }

    @Test
    void theSameClassPaths_haveNoProblem() throws Exception {
        assertEquals(List.of(), problems(EXPECTED));
        assertEquals(EXPECTED, Files.readAllLines(folder.resolve("now.txt")));
    }

    @Test
    void anotherClassPath_isAProblem() throws Exception {
        lists("sample", API + OTHER, API + OTHER);
        assertEquals(
                List.of(
                        "The class paths of users have changed. Compare "
                                + folder.resolve("committed.txt")
                                + " with "
                                + folder.resolve("now.txt")
                                + ", and copy it if the change is meant."),
                problems(EXPECTED));
        assertEquals(
                "sample gets org.other:other:4.5 for compile time and run time",
                Files.readAllLines(folder.resolve("now.txt")).get(1));
    }

    @Test
    void anSbomThatLacksAJar_isAProblem() throws Exception {
        sbom(component("org.other", "other", "4.5"));
        assertEquals(
                List.of(
                        "org.example:sample:1.2.3: the SBOM has [org.other:other:4.5], but a user gets"
                                + " [org.example:sample-api:1.2.3, org.other:other:4.5]"),
                problems(EXPECTED));
    }

    @Test
    void anOptionalComponent_isNotOnAClassPath() throws Exception {
        sbom(
                component("org.example", "sample-api", "1.2.3"),
                component("org.other", "other", "4.5"),
                component("org.third", "third", "6")
                        .replace("</component>", "<scope>optional</scope></component>"));
        assertEquals(List.of(), problems(EXPECTED));
    }

    private List<String> problems(List<String> committed) throws IOException {
        return ClassPaths.problems(
                tree.staging,
                folder.resolve("projects"),
                Files.write(folder.resolve("committed.txt"), committed),
                folder.resolve("now.txt"));
    }

    private void lists(String artifact, String compile, String runtime) throws IOException {
        Path project = Files.createDirectories(folder.resolve("projects").resolve(artifact));
        String self =
                "\nThe following files have been resolved:\n   org.example:%s:jar:1.2.3:compile\n"
                        .formatted(artifact);
        Files.writeString(project.resolve("compile.txt"), self + compile);
        Files.writeString(project.resolve("runtime.txt"), self + runtime);
    }

    private void sbom(String... components) throws IOException {
        tree.write(
                "sample",
                "-cyclonedx.xml",
                "<bom><components>" + String.join("", components) + "</components></bom>");
    }

    private static String component(String group, String name, String version) {
        return "<component><group>%s</group><name>%s</name><version>%s</version></component>"
                .formatted(group, name, version);
    }
}
