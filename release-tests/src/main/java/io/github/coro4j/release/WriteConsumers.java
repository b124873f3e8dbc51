package io.github.coro4j.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.w3c.dom.Element;

/**
 * Writes a Maven project for each staged jar, which depends on that jar as a user would: it imports the BOM and states no
 * version. Its build fails if two versions of a dependency clash, and writes its class paths into files.
 */
public final class WriteConsumers {
    private WriteConsumers() {}

    /**
     * Writes the projects.
     *
     * @param arguments the staging folder, the root POM of this repository, which has the versions of the plugins, and the
     *     folder of the projects
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3) {
            System.err.println(
                    "WriteConsumers needs a staging folder, the root POM and the folder of the projects."
                            + " Found "
                            + arguments.length
                            + " arguments.");
            System.exit(2);
        }
        write(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]));
    }

    /**
     * Writes the projects.
     *
     * @throws IllegalArgumentException if the root POM does not pin a plugin that the projects need
     */
    static void write(Path staging, Path rootPom, Path folder) throws IOException {
        Pom root = Pom.read(rootPom);
        List<StagedArtifact> jars =
                StagedArtifact.in(staging).stream()
                        .filter(each -> Files.exists(each.file(".jar")))
                        .toList();
        StringBuilder modules = new StringBuilder();
        for (StagedArtifact each : jars) {
            modules.append("<module>").append(each.name()).append("</module>");
            write(folder.resolve(each.name()), consumer(each));
        }
        write(folder, parent(staging, root, jars.get(0), modules.toString()));
    }

    private static void write(Path folder, String pom) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("pom.xml"), pom);
    }

    private static String parent(Path staging, Pom root, StagedArtifact any, String modules) {
        return """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>consumers</groupId>
          <artifactId>consumers</artifactId>
          <version>1</version>
          <packaging>pom</packaging>
          <modules>%s</modules>
          <repositories><repository><id>staging</id><url>%s</url></repository></repositories>
          <dependencyManagement><dependencies><dependency>
            <groupId>%s</groupId><artifactId>coro4j-bom</artifactId><version>%s</version>
            <type>pom</type><scope>import</scope>
          </dependency></dependencies></dependencyManagement>
          <build><plugins>
            <plugin>
              <groupId>org.apache.maven.plugins</groupId>
              <artifactId>maven-enforcer-plugin</artifactId>
              <version>%s</version>
              <executions><execution>
                <id>no-clash</id><phase>validate</phase><goals><goal>enforce</goal></goals>
                <configuration><rules>
                  <requireUpperBoundDeps/>
                  <dependencyConvergence><excludes>
                    <!-- kotlinx.coroutines asks for an older one. Coro4j asks for the oldest that it is tested with. -->
                    <exclude>org.jetbrains.kotlin:kotlin-stdlib</exclude>
                  </excludes></dependencyConvergence>
                </rules></configuration>
              </execution></executions>
            </plugin>
            <plugin>
              <groupId>org.apache.maven.plugins</groupId>
              <artifactId>maven-dependency-plugin</artifactId>
              <version>%s</version>
              <executions>%s%s</executions>
            </plugin>
          </plugins></build>
        </project>
        """
                .formatted(
                        modules,
                        staging.toAbsolutePath().toUri(),
                        any.group(),
                        any.version(),
                        plugin(root, "maven-enforcer-plugin"),
                        plugin(root, "maven-dependency-plugin"),
                        list("compile"),
                        list("runtime"));
    }

    private static String list(String scope) {
        return """
        <execution>
          <id>%1$s</id><phase>validate</phase><goals><goal>list</goal></goals>
          <configuration>
            <includeScope>%1$s</includeScope>
            <outputFile>${project.basedir}/%1$s.txt</outputFile>
          </configuration>
        </execution>
        """
                .formatted(scope);
    }

    private static String consumer(StagedArtifact artifact) {
        return """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <parent><groupId>consumers</groupId><artifactId>consumers</artifactId><version>1</version></parent>
          <artifactId>consumer-of-%s</artifactId>
          <dependencies><dependency>
            <groupId>%s</groupId><artifactId>%s</artifactId>
          </dependency></dependencies>
        </project>
        """
                .formatted(artifact.name(), artifact.group(), artifact.name());
    }

    /** Returns the version of a plugin that the root POM has pinned. */
    private static String plugin(Pom root, String name) {
        for (String path :
                List.of("build/plugins/plugin", "build/pluginManagement/plugins/plugin")) {
            for (Element each : root.all(path)) {
                String version = Pom.textOf(each, "version");
                if (Pom.textOf(each, "artifactId").equals(name) && !version.isEmpty()) {
                    return version;
                }
            }
        }
        throw new IllegalArgumentException(
                "The root POM has no version of " + name + ". Pin it in pluginManagement.");
    }
}
