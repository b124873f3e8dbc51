package io.github.coro4j.dex;

import android.app.Activity;
import androidx.work.ListenableWorker;
import com.google.common.util.concurrent.ListenableFuture;
import io.github.coro4j.TaskScope;
import io.github.coro4j.android.LifecycleScopes;
import io.github.coro4j.bridges.GuavaFutures;
import io.github.coro4j.coroutines.Suspend;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import kotlin.Unit;
import kotlinx.coroutines.Job;
import org.jetbrains.annotations.NotNull;
import org.jspecify.annotations.NullMarked;

/**
 * Makes the jars that D8 and R8 read. The class path of the tests has directories for the modules of this build, since
 * Maven packages them only after the tests, and jars for the other libraries.
 */
final class Jars {
    /** The directory in which the tests keep their files, for a look after a failure. */
    static final Path DIRECTORY = Path.of(System.getProperty("dex.directory"));

    private Jars() {}

    /** Returns the jars of the API, the bridges and the engine. */
    static List<Path> own() {
        return List.of(
                of(TaskScope.class, "coro4j-api"),
                of(GuavaFutures.class, "coro4j-bridges"),
                of(Suspend.class, "coro4j"));
    }

    /** Returns the jars that the jars of this build depend on. */
    static List<Path> dependencies() {
        return List.of(
                withoutDuplicates(location(Unit.class)),
                withoutDuplicates(location(Job.class)),
                withoutDuplicates(location(NotNull.class)),
                withoutDuplicates(location(NullMarked.class)));
    }

    /** Returns {@link #own()} and {@link #dependencies()}. */
    static List<Path> libraries() {
        List<Path> all = new ArrayList<>(own());
        all.addAll(dependencies());
        return all;
    }

    /** Returns the jar of coro4j-android. */
    static Path ownForAndroid() {
        return of(LifecycleScopes.class, "coro4j-android");
    }

    /** Returns the jar with the classes of the system. */
    static Path android() {
        return location(Activity.class);
    }

    /** Returns the jars of androidx and Play services. */
    static List<Path> androidLibraries() {
        List<Path> all = new ArrayList<>();
        all.add(of(ListenableWorker.class, "android-libraries"));
        all.add(listenableFuture());
        for (String each : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (Path.of(each).toString().contains(File.separator + "androidx" + File.separator)) {
                all.add(withoutDuplicates(Path.of(each)));
            }
        }
        return all;
    }

    static Path listenableFuture() {
        return location(ListenableFuture.class);
    }

    /** Returns a jar with the package of the main class. */
    static Path application(Class<?> main) {
        String prefix = main.getPackageName().replace('.', '/') + "/";
        return pack(location(main), main.getSimpleName(), name -> name.startsWith(prefix));
    }

    /** Returns a jar with the program Chaos of the interoperability tests, without the tests of that program. */
    static Path chaos() {
        Path classes = Path.of(System.getProperty("chaos.classes"));
        String prefix = "io/github/coro4j/interop/chaos/";
        if (!Files.isDirectory(classes.resolve(prefix))) {
            throw new IllegalStateException(
                    classes + " has no Chaos. Compile the tests of interop-tests first.");
        }
        return pack(
                classes,
                "chaos",
                name -> name.startsWith(prefix) && !name.matches(".*Test([$].*)?[.]class"));
    }

    /**
     * Returns the jar without classes. What remains are services and rules for R8, which D8 leaves out. R8 must get the
     * resources of each jar by itself, because it ignores META-INF/proguard of a jar that also has META-INF/com.android.tools.
     */
    static Path resources(Path jar) {
        String name = jar.getFileName().toString().replace(".jar", "-resources.jar");
        return copy(
                jar,
                name,
                entry -> entry.matches("META-INF/(proguard|services|com[.]android[.]tools)/.*"));
    }

    /** Returns the jar without what R8 accepts only once. */
    private static Path withoutDuplicates(Path jar) {
        return copy(jar, jar.getFileName().toString(), Jars::mayComeTwice);
    }

    /** Returns false for a module descriptor, and for a licence, which a build for Android leaves out too. */
    private static boolean mayComeTwice(String entry) {
        return !entry.endsWith("module-info.class") && !entry.equals("META-INF/LICENSE");
    }

    private static Path copy(Path jar, String name, Predicate<String> wanted) {
        Path copy = DIRECTORY.resolve(name);
        try {
            Files.createDirectories(DIRECTORY);
            try (ZipFile zip = new ZipFile(jar.toFile());
                    ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(copy))) {
                for (ZipEntry each : zip.stream().toList()) {
                    if (!each.isDirectory() && wanted.test(each.getName())) {
                        out.putNextEntry(new ZipEntry(each.getName()));
                        zip.getInputStream(each).transferTo(out);
                        out.closeEntry();
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return copy;
    }

    /** Returns the jar of the class, which is packed first if the class comes from a directory. */
    private static Path of(Class<?> type, String name) {
        Path location = location(type);
        return Files.isDirectory(location)
                ? pack(location, name, Jars::mayComeTwice)
                : withoutDuplicates(location);
    }

    private static Path pack(Path directory, String name, Predicate<String> wanted) {
        Path jar = DIRECTORY.resolve(name + ".jar");
        try {
            Files.createDirectories(DIRECTORY);
            try (OutputStream file = Files.newOutputStream(jar);
                    ZipOutputStream out = new ZipOutputStream(file);
                    Stream<Path> files = Files.walk(directory)) {
                for (Path each : files.filter(Files::isRegularFile).sorted().toList()) {
                    String entry = directory.relativize(each).toString().replace('\\', '/');
                    if (wanted.test(entry)) {
                        out.putNextEntry(new ZipEntry(entry));
                        Files.copy(each, out);
                        out.closeEntry();
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return jar;
    }

    static Path location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
