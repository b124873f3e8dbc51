package io.github.coro4j.release;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;

/** Makes jars for tests. */
final class Jars {
    private Jars() {}

    /** Returns a path itself if it is a jar, or a new jar of the files below it. */
    static Path jarOf(Path classes, Path jar) throws IOException {
        if (Files.isRegularFile(classes)) return classes;
        Files.createDirectories(jar.getParent());
        List<Path> files;
        try (Stream<Path> all = Files.walk(classes)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Path each : files) {
                zip.putNextEntry(
                        new ZipEntry(classes.relativize(each).toString().replace('\\', '/')));
                Files.copy(each, zip);
            }
        }
        return jar;
    }

    /** Compiles a class into a jar. */
    static Path compiled(Path folder, String type, String source) {
        try {
            Path file = folder.resolve("src").resolve(type.replace('.', '/') + ".java");
            Files.createDirectories(file.getParent());
            Files.writeString(file, source);
            Path classes = Files.createDirectories(folder.resolve("classes"));
            int status =
                    ToolProvider.getSystemJavaCompiler()
                            .run(null, null, null, "-d", classes.toString(), file.toString());
            if (status != 0) throw new AssertionError("The source does not compile: " + source);
            return jarOf(classes, folder.resolve("sample.jar"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
