package io.github.coro4j.dex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.dex.sample.Sample;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Runs on the JVM what D8 and R8 make of programs. D8 first replaces what Android lacks, such as records and lambdas, as
 * R8 does in a release build. R8 in one step would leave them in class files.
 */
class ShrunkTest {
    private static final String CHAOS = "io.github.coro4j.interop.chaos.Chaos";

    /** Chaos compares the simple name of this class, which needs the attribute and the name of the outer class too. */
    private static final String[] NAME_THAT_CHAOS_KNOWS = {
        "-keep class **DefaultFailureListener, **DefaultFailureListener$Unprintable",
        "-keepattributes InnerClasses,EnclosingMethod"
    };

    private static List<Path> desugared;

    private static final Map<String, Path> SHRUNK = new HashMap<>();

    @BeforeAll
    static void desugar() {
        List<Path> jars = new ArrayList<>(Jars.libraries());
        jars.add(Jars.application(Sample.class));
        jars.add(Jars.chaos());
        desugared = new ArrayList<>();
        desugared.add(Compiler.d8("desugared").inputs(jars).toClasses());
        Jars.libraries().forEach(jar -> desugared.add(Jars.resources(jar)));
    }

    /** R8 9.5.28 makes an invalid class of a loop over a list whose {@code next()} is inside a {@code try}. */
    @Test
    void everyShrunkClass_isValid() {
        for (Path jar :
                List.of(
                        shrink("sample", Sample.class.getName()),
                        shrink("chaos", CHAOS, NAME_THAT_CHAOS_KNOWS))) {
            Java.End end =
                    Java.run(
                            List.of(),
                            List.of(jar, Jars.location(VerifyAll.class)),
                            VerifyAll.class.getName(),
                            List.of(jar.toString()));
            assertEquals(0, end.code(), end.printed());
            assertTrue(end.printed().matches("[1-9][0-9]{2,} classes are valid\\R"), end.printed());
        }
    }

    @Test
    void shrunkSample_printsTheSameLines() {
        String main = Sample.class.getName();
        List<Path> original = new ArrayList<>(Jars.libraries());
        original.add(Jars.application(Sample.class));
        Java.End expected = Java.run(List.of(), original, main, List.of());
        assertEquals(0, expected.code(), expected.printed());
        Java.End shrunk = Java.run(List.of(), List.of(shrink("sample", main)), main, List.of());
        assertEquals(expected, shrunk);
    }

    @Test
    void shrunkChaos_findsNoFault() {
        Java.End end =
                Java.run(
                        List.of(),
                        List.of(shrink("chaos", CHAOS, NAME_THAT_CHAOS_KNOWS)),
                        CHAOS,
                        List.of("--rounds", "400"));
        assertEquals(0, end.code(), end.printed());
        assertTrue(end.printed().startsWith("400 rounds in "), end.printed());
        System.out.println("Chaos after R8: " + end.printed());
    }

    private static Path shrink(String name, String main, String... rules) {
        return SHRUNK.computeIfAbsent(
                name,
                made ->
                        Compiler.r8ForClasses("shrunk-" + made)
                                .keepMain(main, rules)
                                .inputs(desugared)
                                .toClasses());
    }
}
