package io.github.coro4j.dex;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.example.headlines.HeadlinesApplication;
import io.github.coro4j.dex.sample.Sample;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Compiles for Android. */
class DexTest {
    /** The sample had this size when this test was written, and a tenth more is allowed. */
    private static final int SAMPLE_BYTES = 227_244 * 11 / 10;

    private static final int SAMPLE_METHODS = 1_893 * 11 / 10;

    @Test
    void d8_compilesOwnJars_withoutDiagnostics() {
        DexFile dex = Compiler.d8("own").classPath(Jars.dependencies()).inputs(Jars.own()).toDex();
        System.out.println("D8, the jars of this project: " + dex);
        assertTrue(dex.strings().contains("Lio/github/coro4j/TaskScope;"));
    }

    @Test
    void d8_compilesTheModuleForAndroid_withoutDiagnostics() {
        DexFile dex =
                Compiler.d8("own-android")
                        .android()
                        .classPath(Jars.libraries())
                        .classPath(Jars.androidLibraries())
                        .inputs(List.of(Jars.ownForAndroid()))
                        .toDex();
        System.out.println("D8, coro4j-android: " + dex);
        assertTrue(dex.strings().contains("Lio/github/coro4j/android/LifecycleScopes;"));
    }

    /** Its libraries of androidx are left as they are: this shows what R8 makes of our own jars in an app. */
    @Test
    void r8_shrinksTheAppOfTheExamples_withoutDiagnosticsAndServiceLoader() {
        DexFile dex =
                Compiler.r8("headlines")
                        .android()
                        .keep(
                                List.of(
                                        "-keep class * extends android.app.Application { <init>(); }",
                                        "-keep class * extends android.app.Activity { <init>(); }",
                                        "-keep class * extends androidx.work.ListenableWorker"))
                        .classPath(Jars.androidLibraries())
                        .inputs(Jars.libraries())
                        .inputs(
                                List.of(
                                        Jars.ownForAndroid(),
                                        Jars.application(HeadlinesApplication.class)))
                        .toDex();
        System.out.println("R8, the app of the examples without androidx: " + dex);
        List<String> strings = dex.strings();
        assertTrue(strings.contains("Lcom/example/headlines/SyncWorker;"));
        assertFalse(strings.contains("Lio/github/coro4j/android/PlayTasks;"));
        assertFalse(strings.contains("Ljava/util/ServiceLoader;"));
    }

    @Test
    void r8_shrinksSample_withoutDiagnosticsAndServiceLoader() {
        DexFile dex =
                Compiler.r8("sample")
                        .keepMain(Sample.class.getName())
                        .inputs(Jars.libraries())
                        .inputs(List.of(Jars.application(Sample.class)))
                        .toDex();
        System.out.println("R8, the sample with all that it needs: " + dex);
        assertTrue(dex.strings().contains("Lio/github/coro4j/dex/sample/Sample;"));
        // A lookup of services reads the archive of the application on the calling thread.
        assertFalse(dex.strings().contains("Ljava/util/ServiceLoader;"));
        assertTrue(dex.size() < SAMPLE_BYTES, () -> "The sample has grown: " + dex);
        assertTrue(dex.methods() < SAMPLE_METHODS, () -> "The sample has grown: " + dex);
    }
}
