package io.github.coro4j.interop.surface;

import io.github.coro4j.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A jar, or a folder of classes, on the class path of the tests. */
final class Artifact {
    private static final String SERVICE = "META-INF/services/io.github.coro4j.spi.Engine";

    private final Path path;

    private Artifact(Path path) {
        this.path = path;
    }

    static Artifact api() {
        return of(Future.class);
    }

    /** Returns the engine, found by the service that it provides, because user code may not name its classes. */
    static Artifact engine() {
        URL service = Future.class.getClassLoader().getResource(SERVICE);
        String text =
                service.toString()
                        .replaceFirst("^jar:", "")
                        .replaceFirst("!?/" + SERVICE + "$", "");
        return new Artifact(Path.of(URI.create(text)));
    }

    static Artifact jspecify() {
        try {
            return of(Class.forName("org.jspecify.annotations.NullMarked"));
        } catch (ClassNotFoundException e) {
            throw new AssertionError("JSpecify is not on the class path of the tests", e);
        }
    }

    static Artifact kotlin() {
        return of(kotlin.Unit.class);
    }

    static Artifact coroutines() {
        return of(kotlinx.coroutines.Job.class);
    }

    private static Artifact of(Class<?> type) {
        try {
            return new Artifact(
                    Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()));
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    Path path() {
        return path;
    }

    URL url() {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new AssertionError(e);
        }
    }

    ModuleDescriptor descriptor() {
        return ModuleFinder.of(path).findAll().iterator().next().descriptor();
    }

    Set<String> packages() throws IOException {
        Set<String> packages = new HashSet<>();
        for (String name : classNames()) {
            packages.add(name.substring(0, Math.max(0, name.lastIndexOf('.'))));
        }
        return packages;
    }

    /** Returns the public and protected types of a package, with their nested types. */
    List<Class<?>> publicTypes(String packageName) throws IOException {
        List<Class<?>> types = new ArrayList<>();
        for (String name : classNames()) {
            if (name.startsWith(packageName + ".")
                    && name.lastIndexOf('.') == packageName.length()) {
                Class<?> type = load(name);
                if (isVisible(type)) {
                    types.add(type);
                }
            }
        }
        return types;
    }

    private static boolean isVisible(Class<?> type) {
        boolean visible =
                Modifier.isPublic(type.getModifiers()) || Modifier.isProtected(type.getModifiers());
        Class<?> outer = type.getEnclosingClass();
        return visible && (outer == null || isVisible(outer));
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, Artifact.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> classNames() throws IOException {
        if (Files.isDirectory(path)) {
            return classNamesBelow(path);
        }
        try (FileSystem jar = FileSystems.newFileSystem(path)) {
            return classNamesBelow(jar.getPath("/"));
        }
    }

    private static List<String> classNamesBelow(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString())
                    .filter(name -> name.endsWith(".class"))
                    .filter(name -> !name.endsWith("-info.class"))
                    .map(name -> name.substring(0, name.length() - ".class".length()))
                    .map(name -> name.replace('/', '.').replace('\\', '.'))
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
