package io.github.coro4j.interop.surface;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * The POM of a module as a user's build reads it. A release flattens the files of the module and of the parent into one, so
 * this computes what they say without the profiles and the command line of a build.
 */
final class PublishedPom {
    private static final Path ROOT = Path.of("..");
    private static final Pattern PROPERTY = Pattern.compile("\\$\\{([^}]+)}");

    private final Element module;
    private final Element parent;
    private final Map<String, String> properties = new HashMap<>();

    private PublishedPom(Element module, Element parent) {
        this.module = module;
        this.parent = parent;
        for (Element pom : List.of(parent, module)) {
            for (Element all : children(pom, "properties")) {
                for (Element each : children(all, null)) {
                    properties.put(each.getTagName(), each.getTextContent().strip());
                }
            }
        }
        properties.put("project.version", text(parent, "version"));
    }

    /** Returns the POMs of the modules of the default build whose jars a release deploys. */
    static List<PublishedPom> all() throws Exception {
        Element parent = parsed(ROOT);
        List<PublishedPom> found = new ArrayList<>();
        for (Element modules : children(parent, "modules")) {
            for (Element each : children(modules, "module")) {
                Element module = parsed(ROOT.resolve(each.getTextContent().strip()));
                PublishedPom pom = new PublishedPom(module, parent);
                boolean isPublished = "false".equals(pom.properties.get("maven.deploy.skip"));
                if (isPublished && !text(module, "packaging").equals("pom")) {
                    found.add(pom);
                }
            }
        }
        return found;
    }

    String artifact() {
        return text(module, "artifactId");
    }

    String property(String name) {
        return value("${" + name + "}");
    }

    /** Returns what a user of the artifact gets along with it, as {@code artifact:version:scope}. */
    TreeSet<String> dependencies() {
        TreeSet<String> found = new TreeSet<>();
        for (Element all : children(module, "dependencies")) {
            for (Element each : children(all, "dependency")) {
                String scope = text(each, "scope").isEmpty() ? "compile" : text(each, "scope");
                boolean isOptional = text(each, "optional").equals("true");
                if (!isOptional && List.of("compile", "runtime").contains(scope)) {
                    found.add(text(each, "artifactId") + ":" + version(each) + ":" + scope);
                }
            }
        }
        return found;
    }

    private String version(Element dependency) {
        String own = text(dependency, "version");
        return value(own.isEmpty() ? managed(dependency) : own);
    }

    /** Returns the version in the parent's dependencyManagement: of the artifact itself, or of the BOM of its group. */
    private String managed(Element dependency) {
        String ofTheBom = null;
        for (Element management : children(parent, "dependencyManagement")) {
            for (Element all : children(management, "dependencies")) {
                for (Element each : children(all, "dependency")) {
                    boolean isBom = text(each, "scope").equals("import");
                    if (!isInGroup(dependency, text(each, "groupId"), isBom)) continue;
                    if (text(each, "artifactId").equals(text(dependency, "artifactId"))) {
                        return text(each, "version");
                    }
                    if (isBom) {
                        ofTheBom = text(each, "version");
                    }
                }
            }
        }
        if (ofTheBom == null) {
            throw new AssertionError("no version of " + text(dependency, "artifactId"));
        }
        return ofTheBom;
    }

    /** Returns whether a dependency is in a group or, if that is the group of a BOM, below it. */
    private static boolean isInGroup(Element dependency, String group, boolean isBom) {
        String own = text(dependency, "groupId");
        return own.equals(group) || isBom && own.startsWith(group + ".");
    }

    private String value(String text) {
        Matcher property = PROPERTY.matcher(text);
        if (!property.find()) return text;
        String value = properties.get(property.group(1));
        if (value == null) throw new AssertionError("no property " + property.group(1));
        return value(text.replace(property.group(), value));
    }

    private static Element parsed(Path folder) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(folder.resolve("pom.xml").toFile())
                .getDocumentElement();
    }

    private static String text(Element parent, String name) {
        List<Element> found = children(parent, name);
        return found.isEmpty() ? "" : found.get(0).getTextContent().strip();
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        for (Node each = parent.getFirstChild(); each != null; each = each.getNextSibling()) {
            if (each instanceof Element element
                    && (name == null || element.getTagName().equals(name))) {
                found.add(element);
            }
        }
        return found;
    }
}
