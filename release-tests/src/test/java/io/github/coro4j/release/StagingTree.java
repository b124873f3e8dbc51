package io.github.coro4j.release;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes a staging folder that obeys all rules, which a test then breaks in one place. */
final class StagingTree {
    static final String VERSION = "1.2.3";

    final Path staging;
    final Path license;

    StagingTree(Path folder) throws IOException {
        staging = folder.resolve("staging");
        license = Files.writeString(folder.resolve("LICENSE"), "the licence");
        jarArtifact("sample-api", "");
        jarArtifact(
                "sample",
                "<dependencies>"
                        + dependency("org.example", "sample-api", VERSION, "compile")
                        + dependency("org.other", "other", "4.5", "runtime")
                        + "</dependencies>");
        write(
                "sample-bom",
                ".pom",
                pom(
                        "sample-bom",
                        "<packaging>pom</packaging><dependencyManagement><dependencies>"
                                + dependency("org.example", "sample", VERSION, "compile")
                                + dependency("org.example", "sample-api", VERSION, "compile")
                                + "</dependencies></dependencyManagement>"));
        sboms("sample-bom");
    }

    private void jarArtifact(String name, String dependencies) throws IOException {
        write(name, ".pom", pom(name, dependencies));
        sboms(name);
        jar(name, ".jar", "org/example/Sample.class", "META-INF/LICENSE");
        jar(name, "-sources.jar", "org/example/Sample.java", "META-INF/LICENSE");
        jar(name, "-javadoc.jar", "index.html", "META-INF/LICENSE");
    }

    static String dependency(String group, String name, String version, String scope) {
        return """
        <dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version><scope>%s</scope></dependency>"""
                .formatted(group, name, version, scope);
    }

    private static String pom(String name, String more) {
        return """
        <?xml version="1.0" encoding="UTF-8"?>
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>org.example</groupId>
          <artifactId>%s</artifactId>
          <version>%s</version>
          <name>Sample</name>
          <description>A sample.</description>
          <url>https://example.org</url>
          <licenses><license><name>Apache-2.0</name><url>https://example.org/license</url></license></licenses>
          <developers><developer><name>Ann</name></developer></developers>
          <scm><connection>scm:git:https://example.org/git</connection><url>https://example.org/code</url></scm>
          %s
        </project>
        """
                .formatted(name, VERSION, more);
    }

    private void sboms(String name) throws IOException {
        String self = "pkg:maven/org.example/%s@%s?type=jar".formatted(name, VERSION);
        write(
                name,
                "-cyclonedx.json",
                "{\"bomFormat\":\"CycloneDX\",\"purl\":\"%s\"}".formatted(self));
        write(
                name,
                "-cyclonedx.xml",
                "<bom xmlns='http://cyclonedx.org/schema/bom/1.6'><purl>%s</purl></bom>"
                        .formatted(self));
    }

    Path file(String name, String end) {
        return staging.resolve("org/example/" + name + "/" + VERSION)
                .resolve(name + "-" + VERSION + end);
    }

    /** Replaces a part of a file, and writes its checksums anew. */
    void replace(String name, String end, String old, String now) throws IOException {
        String text = Files.readString(file(name, end));
        if (!text.contains(old)) {
            throw new AssertionError("The file " + file(name, end) + " does not contain: " + old);
        }
        write(name, end, text.replace(old, now));
    }

    void write(String name, String end, String text) throws IOException {
        Path file = file(name, end);
        Files.createDirectories(file.getParent());
        checksums(Files.writeString(file, text));
    }

    /** Writes a jar with these entries. An entry in META-INF has the text of the licence. */
    void jar(String name, String end, String... entries) throws IOException {
        Path file = file(name, end);
        Files.createDirectories(file.getParent());
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (String each : Arrays.asList(entries)) {
                zip.putNextEntry(new ZipEntry(each));
                String text = each.startsWith("META-INF") ? "the licence" : "content";
                zip.write(text.getBytes(StandardCharsets.UTF_8));
            }
        }
        checksums(file);
    }

    private static void checksums(Path file) throws IOException {
        Files.writeString(Path.of(file + ".md5"), FileRules.digest(file, "MD5"));
        Files.writeString(Path.of(file + ".sha1"), FileRules.digest(file, "SHA-1"));
    }

    List<String> problems() throws Exception {
        return CheckStaging.problems(staging, license, null);
    }
}
