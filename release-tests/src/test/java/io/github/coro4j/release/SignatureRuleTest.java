package io.github.coro4j.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signs a staging folder with a key that lives as long as the test. */
class SignatureRuleTest {
    @TempDir Path folder;

    /** GnuPG puts a socket there, whose path must be short. */
    @TempDir Path keys;

    private StagingTree tree;

    @BeforeEach
    void signAll() throws Exception {
        assumeTrue(isInstalled("gpg"), "GnuPG is not installed");
        tree = new StagingTree(folder);
        run(
                "gpg",
                "--pinentry-mode",
                "loopback",
                "--passphrase",
                "",
                "--quick-generate-key",
                "Test <test@example.org>",
                "ed25519", // quick to make
                "sign",
                "never");
        List<Path> files;
        try (Stream<Path> all = Files.walk(tree.staging)) {
            files = all.filter(each -> each.toString().matches(".*\\.(pom|jar|json|xml)")).toList();
        }
        for (Path each : files) {
            run("gpg", "--armor", "--detach-sign", each.toString());
        }
    }

    @AfterEach
    void endAgent() throws Exception {
        if (tree != null) {
            run("gpgconf", "--kill", "all");
        }
    }

    @Test
    void signedFiles_haveNoProblem() throws Exception {
        assertEquals(List.of(), problems());
    }

    @Test
    void aMissingSignature_isAProblem() throws Exception {
        Files.delete(tree.file("sample", "-javadoc.jar.asc"));
        assertEquals(
                List.of("org.example:sample:1.2.3: sample-1.2.3-javadoc.jar.asc is missing"),
                problems());
    }

    @Test
    void aFileThatWasChangedAfterTheSigning_isAProblem() throws Exception {
        tree.replace("sample", ".pom", "A sample.", "Another sample.");
        List<String> problems = problems();
        assertEquals(1, problems.size(), problems::toString);
        assertTrue(
                problems.get(0)
                        .startsWith(
                                "org.example:sample:1.2.3: sample-1.2.3.pom.asc does not verify:"),
                problems::toString);
    }

    @Test
    void signaturesInAnUnsignedRun_doNotBelongThere() throws Exception {
        assertEquals(15, tree.problems().size(), "one for each file");
    }

    private List<String> problems() throws Exception {
        return CheckStaging.problems(tree.staging, tree.license, keys);
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
    }

    private void run(String program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program, "--homedir", keys.toString()));
        if (program.equals("gpg")) {
            command.add("--batch");
        }
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output;
        try (var in = process.getInputStream()) {
            output = new String(in.readAllBytes());
        }
        assertEquals(0, process.waitFor(), output);
    }
}
