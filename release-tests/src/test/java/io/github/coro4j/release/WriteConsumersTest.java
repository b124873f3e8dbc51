package io.github.coro4j.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code .ci/release} builds these projects. Here their POMs are read. */
class WriteConsumersTest {
    private static final Path ROOT_POM = Modules.ROOT.resolve("pom.xml");

    @TempDir Path folder;
    private StagingTree tree;

    @BeforeEach
    void writeTree() throws Exception {
        tree = new StagingTree(folder);
    }

    @Test
    void eachJar_hasAProjectThatTakesItsVersionFromTheBom() throws Exception {
        WriteConsumers.write(tree.staging, ROOT_POM, folder);
        Pom parent = Pom.read(folder.resolve("pom.xml"));
        assertEquals(
                List.of("sample-api", "sample"),
                parent.all("modules/module").stream().map(each -> each.getTextContent()).toList());
        assertEquals(
                "org.example:coro4j-bom:1.2.3",
                parent.dependencies("dependencyManagement/dependencies/dependency")
                        .get(0)
                        .toString());
        assertEquals(
                "org.example:sample:",
                Pom.read(folder.resolve("sample").resolve("pom.xml"))
                        .dependencies("dependencies/dependency")
                        .get(0)
                        .toString());
        assertFalse(Files.exists(folder.resolve("sample-bom")), "a BOM is no dependency");
    }

    @Test
    void aPluginThatIsNotPinned_isRefused() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.xml"), "<project/>");
        String message =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> WriteConsumers.write(tree.staging, empty, folder))
                        .getMessage();
        assertEquals(
                "The root POM has no version of maven-enforcer-plugin. Pin it in pluginManagement.",
                message);
    }
}
