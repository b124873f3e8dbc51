package io.github.coro4j.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.coro4j.coroutines.FutureFailedException;
import io.github.coro4j.test.Coro4jTest;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jetbrains.kotlin.abi.tools.AbiFilters;
import org.jetbrains.kotlin.abi.tools.AbiTools;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The API that Kotlin code is compiled against is in the folder {@code api}, so that a review sees each change. After a change
 * that is meant, {@code -Dapi.dump=write} writes the files anew.
 */
class ApiDumpTest {
    private static final String COMMAND =
            "./mvnw test -pl release-tests -am -Dsurefire.failIfNoSpecifiedTests=false"
                    + " -Dtest=ApiDumpTest -Dapi.dump=write";

    @TempDir Path folder;

    static List<Arguments> modules() {
        return List.of(
                Arguments.of("coro4j", FutureFailedException.class),
                Arguments.of("coro4j-test", Coro4jTest.class));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void theApi_isThatOfTheCommittedFile(String artifact, Class<?> inIt) throws Exception {
        Path classes = Path.of(inIt.getProtectionDomain().getCodeSource().getLocation().toURI());
        // The tool finds nothing in a folder, which a build that does not package has.
        File jar = Jars.jarOf(classes, folder.resolve("classes.jar")).toFile();
        StringBuilder dump = new StringBuilder();
        AbiTools.Companion.getInstance(AbiTools.class.getClassLoader())
                .printJvmDump(
                        dump,
                        List.of(jar),
                        new AbiFilters(
                                Set.of(),
                                Set.of("io.github.coro4j.internal.**"),
                                Set.of(),
                                Set.of()));
        assertFalse(dump.isEmpty(), () -> "nothing is public in " + classes);
        Path committed = Path.of("api", artifact + ".api");
        if (System.getProperty("api.dump", "").equals("write")) {
            Files.writeString(committed, dump);
        }
        assertEquals(
                Files.readString(committed),
                dump.toString(),
                "The public API of " + artifact + " has changed. If that is meant: " + COMMAND);
    }
}
