package io.github.coro4j.interop.docs;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Finds the jars that the artifact {@code coro4j} adds to the class path of its user. The class path of the tests has more, so
 * this follows the dependencies in the POM files, from artifact id to artifact id. An artifact is a jar, or a folder of
 * classes if Maven has not packaged the module.
 */
final class RuntimeJars {
    private final Map<String, Path> entries = new LinkedHashMap<>();
    private final Map<String, Element> poms = new LinkedHashMap<>();
    private final Map<String, Path> reached = new LinkedHashMap<>();

    private RuntimeJars() throws Exception {
        for (String each : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path entry = Path.of(each);
            Path pom = pomOf(entry);
            if (!Files.exists(pom)) {
                continue;
            }
            Element project =
                    DocumentBuilderFactory.newInstance()
                            .newDocumentBuilder()
                            .parse(pom.toFile())
                            .getDocumentElement();
            entries.put(text(project, "artifactId"), entry);
            poms.put(text(project, "artifactId"), project);
        }
    }

    static List<Path> ofTheEngine() throws Exception {
        RuntimeJars jars = new RuntimeJars();
        jars.reach("coro4j");
        return List.copyOf(jars.reached.values());
    }

    static long bytes(List<Path> jars) throws IOException {
        long sum = 0;
        for (Path each : jars) {
            sum += Files.isDirectory(each) ? packaged(each) : Files.size(each);
        }
        return sum;
    }

    private void reach(String artifact) {
        Path entry = entries.get(artifact);
        if (entry == null) {
            throw new AssertionError(artifact + " is not on the class path of the tests");
        }
        if (reached.putIfAbsent(artifact, entry) != null) {
            return;
        }
        for (Element all : children(poms.get(artifact), "dependencies")) {
            for (Element each : children(all, "dependency")) {
                boolean isOptional = text(each, "optional").equals("true");
                if (!isOptional && Set.of("", "compile", "runtime").contains(text(each, "scope"))) {
                    reach(text(each, "artifactId"));
                }
            }
        }
    }

    /** The repository keeps a POM beside its jar. A module keeps its POM above {@code target}. */
    private static Path pomOf(Path entry) {
        Path beside = entry.resolveSibling(entry.getFileName().toString().replace(".jar", ".pom"));
        return entry.toString().endsWith(".jar") && Files.exists(beside)
                ? beside
                : entry.resolveSibling("../pom.xml").normalize();
    }

    private static String text(Element parent, String name) {
        List<Element> found = children(parent, name);
        return found.isEmpty() ? "" : found.get(0).getTextContent().strip();
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        for (Node each = parent.getFirstChild(); each != null; each = each.getNextSibling()) {
            if (each instanceof Element element && element.getTagName().equals(name)) {
                found.add(element);
            }
        }
        return found;
    }

    /** Returns the size of a jar of the files below the folder. */
    private static long packaged(Path folder) throws IOException {
        ByteArrayOutputStream jar = new ByteArrayOutputStream();
        try (Stream<Path> files = Files.walk(folder);
                ZipOutputStream zip = new ZipOutputStream(jar)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
                Files.copy(file, zip);
            }
        }
        return jar.size();
    }
}
