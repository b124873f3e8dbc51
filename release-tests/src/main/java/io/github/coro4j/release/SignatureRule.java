package io.github.coro4j.release;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Each file has a detached signature, which GnuPG verifies with the keys of a folder. */
final class SignatureRule {
    private final Path keys;
    private final Problems problems;

    /** Creates the rule; {@code keys} is the home folder of GnuPG. */
    SignatureRule(Path keys, Problems problems) {
        this.keys = keys;
        this.problems = problems;
    }

    void check(StagedArtifact artifact, Path file) throws IOException, InterruptedException {
        Path signature = Path.of(file + ".asc");
        if (!Files.exists(signature)) {
            problems.require(false, artifact, signature.getFileName() + " is missing");
            return;
        }
        Process gpg =
                new ProcessBuilder(
                                "gpg",
                                "--homedir",
                                keys.toString(),
                                "--batch",
                                "--verify",
                                signature.toString(),
                                file.toString())
                        .redirectErrorStream(true)
                        .start();
        String output;
        try (InputStream in = gpg.getInputStream()) {
            output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        problems.require(
                gpg.waitFor() == 0,
                artifact,
                signature.getFileName() + " does not verify: " + output.strip());
    }
}
