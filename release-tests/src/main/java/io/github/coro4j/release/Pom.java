package io.github.coro4j.release;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** A POM as it is written, without what it inherits. */
final class Pom {
    private final Element root;

    private Pom(Element root) {
        this.root = root;
    }

    /**
     * Reads a POM.
     *
     * @throws IOException if the file cannot be read or is not well-formed XML
     */
    static Pom read(Path file) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return new Pom(factory.newDocumentBuilder().parse(file.toFile()).getDocumentElement());
        } catch (ParserConfigurationException | SAXException failure) {
            throw new IOException("Cannot read " + file + ": " + failure.getMessage(), failure);
        }
    }

    /** Returns whether the project has a child element of that name. */
    boolean has(String name) {
        return !children(root, name).isEmpty();
    }

    /** Returns the text at a path such as {@code scm/url}, or an empty string. */
    String text(String path) {
        List<Element> found = all(path);
        return found.isEmpty() ? "" : found.get(0).getTextContent().strip();
    }

    /** Returns the elements at a path such as {@code licenses/license}. */
    List<Element> all(String path) {
        return all(root, path);
    }

    /** Returns the elements at a path below an element. */
    static List<Element> all(Element start, String path) {
        List<Element> found = List.of(start);
        for (String name : path.split("/")) {
            List<Element> next = new ArrayList<>();
            for (Element each : found) {
                next.addAll(children(each, name));
            }
            found = next;
        }
        return found;
    }

    /** Returns the dependencies at a path such as {@code dependencies/dependency}. */
    List<PomDependency> dependencies(String path) {
        return all(path).stream()
                .map(
                        each ->
                                new PomDependency(
                                        textOf(each, "groupId"),
                                        textOf(each, "artifactId"),
                                        textOf(each, "version"),
                                        textOf(each, "scope").isEmpty()
                                                ? "compile"
                                                : textOf(each, "scope"),
                                        textOf(each, "optional").equals("true")))
                .toList();
    }

    /** Returns the text of a child element, or an empty string. */
    static String textOf(Element parent, String name) {
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
}
