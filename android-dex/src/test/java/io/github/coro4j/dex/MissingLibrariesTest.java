package io.github.coro4j.dex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.coro4j.dex.guava.GuavaSample;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** An application that lacks a library is refused by R8, and does not fail at run time. */
class MissingLibrariesTest {
    private static final Pattern MISSING_CLASS = Pattern.compile("Missing class ([\\w.$]+)");

    @Test
    void guava() {
        Compiler app =
                Compiler.r8("guava")
                        .keepMain(GuavaSample.class.getName())
                        .inputs(Jars.libraries())
                        .inputs(List.of(Jars.application(GuavaSample.class)))
                        .inputs(List.of(Jars.listenableFuture()));
        assertEquals(
                Set.of(
                        "com.google.common.util.concurrent.AbstractFuture",
                        "com.google.common.util.concurrent.MoreExecutors",
                        "com.google.common.util.concurrent.SettableFuture"),
                missingIn(app));
    }

    /** The code of coro4j-android that an application uses names the library that is missing. */
    @Test
    void androidx() {
        List<Path> own = new ArrayList<>(Jars.libraries());
        own.add(Jars.ownForAndroid());
        Compiler app =
                Compiler.r8("without-androidx")
                        .android()
                        .keep(List.of("-keep class io.github.coro4j.android.TaskWorker"))
                        .inputs(own);
        assertEquals(Set.of("androidx.work.ListenableWorker"), missingIn(app));
    }

    private static Set<String> missingIn(Compiler app) {
        Java.End end = app.run("-dex.zip", List.of());
        assertNotEquals(0, end.code());
        return MISSING_CLASS
                .matcher(end.printed())
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
