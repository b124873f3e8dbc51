package io.github.coro4j.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares small jars, and asks which changes a version may have. */
class ApiComparisonTest {
    private static final String OLD =
            "package io.github.coro4j; public interface Sample { String first(); void second(int count); }";
    private static final String REMOVED = "io.github.coro4j.Sample#second(int): METHOD_REMOVED";

    @TempDir Path folder;

    @Test
    void theSameApi_hasNoChange() {
        assertEquals(List.of(), changes("io.github.coro4j.Sample", OLD, OLD));
    }

    @Test
    void aRemovedMethod_isAChange() {
        assertEquals(
                List.of(REMOVED),
                changes(
                        "io.github.coro4j.Sample",
                        OLD,
                        OLD.replace("void second(int count);", "")));
    }

    @Test
    void anotherReturnType_isAChange() {
        assertEquals(
                List.of("io.github.coro4j.Sample#first(): METHOD_RETURN_TYPE_CHANGED"),
                changes("io.github.coro4j.Sample", OLD, OLD.replace("String", "Object")));
    }

    @Test
    void aMethodThatImplementersLack_isAChange() {
        assertEquals(
                List.of("io.github.coro4j.Sample#third(): METHOD_ADDED_TO_INTERFACE"),
                changes("io.github.coro4j.Sample", OLD, OLD.replace("{", "{ void third();")));
    }

    @Test
    void aNewDefaultMethod_isNoChange() {
        assertEquals(
                List.of(),
                changes(
                        "io.github.coro4j.Sample",
                        OLD,
                        OLD.replace("{", "{ default void third() {}")));
    }

    @Test
    void aClassThatIsNoLongerPublic_isAChange() {
        assertEquals(
                List.of(
                        "io.github.coro4j.Sample: CLASS_LESS_ACCESSIBLE",
                        "io.github.coro4j.Sample: CLASS_NO_LONGER_PUBLIC"),
                changes("io.github.coro4j.Sample", OLD, OLD.replace("public ", "")).stream()
                        .filter(each -> !each.contains("#"))
                        .toList());
    }

    @Test
    void anInternalPackage_mayChange() {
        String old =
                OLD.replace("package io.github.coro4j", "package io.github.coro4j.internal.job");
        assertEquals(
                List.of(),
                changes(
                        "io.github.coro4j.internal.job.Sample",
                        old,
                        old.replace("first", "other")));
    }

    @Test
    void aPatchWithAnIncompatibleChange_isRefused() {
        assertEquals(
                List.of(
                        REMOVED
                                + " breaks users of 0.1.0, but 0.1.1-SNAPSHOT promises not to."
                                + " Undo the change, or raise the minor version."),
                CompareWithRelease.problems("0.1.0", "0.1.1-SNAPSHOT", set(REMOVED), set(REMOVED)));
        assertEquals(
                List.of(
                        REMOVED
                                + " breaks users of 1.1.0, but 1.2.0 promises not to."
                                + " Undo the change, or raise the major version."),
                CompareWithRelease.problems("1.1.0", "1.2.0", set(REMOVED), set(REMOVED)));
    }

    @Test
    void aMinorVersionBeforeOne_needsTheChangeInTheFile() {
        assertEquals(
                List.of(
                        REMOVED
                                + " breaks users of 0.1.0. Undo the change, or add this line to"
                                + " accepted-changes.txt and to the change log."),
                CompareWithRelease.problems("0.1.0", "0.2.0-SNAPSHOT", set(REMOVED), set()));
        assertEquals(
                List.of(),
                CompareWithRelease.problems("0.1.0", "0.2.0-SNAPSHOT", set(REMOVED), set(REMOVED)));
    }

    @Test
    void anAcceptedChangeThatDoesNotExist_isRefused() {
        assertEquals(
                List.of(
                        REMOVED
                                + " is accepted, but 0.2.0 has no such change since 0.1.0."
                                + " Remove the line from accepted-changes.txt."),
                CompareWithRelease.problems("0.1.0", "0.2.0", set(), set(REMOVED)));
    }

    @Test
    void eachJarOfTheRelease_isComparedWithItsSuccessor() throws Exception {
        StagingTree tree = new StagingTree(Files.createDirectories(folder.resolve("tree")));
        String name = "io.github.coro4j.Sample";
        Path release = Files.createDirectories(folder.resolve("release"));
        Files.copy(
                Jars.compiled(folder.resolve("old"), name, OLD),
                release.resolve("sample-1.2.2.jar"));
        Files.copy(release.resolve("sample-1.2.2.jar"), release.resolve("gone-1.2.2.jar"));
        Files.copy(
                Jars.compiled(
                        folder.resolve("now"), name, OLD.replace("void second(int count);", "")),
                tree.file("sample", ".jar"),
                StandardCopyOption.REPLACE_EXISTING);
        assertEquals(
                List.of(
                        "gone is no longer published, so its users cannot update.",
                        REMOVED
                                + " breaks users of 1.2.2, but 1.2.3 promises not to."
                                + " Undo the change, or raise the major version."),
                CompareWithRelease.compare(
                        release, "1.2.2", StagedArtifact.in(tree.staging), set()));
    }

    @Test
    void aFolderWithoutJarsOfTheRelease_isRefused() throws Exception {
        StagingTree tree = new StagingTree(Files.createDirectories(folder.resolve("tree")));
        List<StagedArtifact> staged = StagedArtifact.in(tree.staging);
        String message =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> CompareWithRelease.compare(folder, "1.2.2", staged, set()))
                        .getMessage();
        assertEquals("The folder " + folder + " has no jar of the release 1.2.2.", message);
    }

    private static TreeSet<String> set(String... lines) {
        return new TreeSet<>(List.of(lines));
    }

    private List<String> changes(String type, String old, String now) {
        return List.copyOf(
                ApiComparison.incompatible(
                        Jars.compiled(folder.resolve("old"), type, old),
                        Jars.compiled(folder.resolve("now"), type, now)));
    }
}
