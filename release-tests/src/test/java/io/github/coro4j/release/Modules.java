package io.github.coro4j.release;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.w3c.dom.Element;

/** The modules of this repository, as the root POM lists them. */
final class Modules {
    static final Path ROOT = Path.of("..");

    private Modules() {}

    static Pom root() throws IOException {
        return pom(".");
    }

    /** Returns the POM of the module in that folder. */
    static Pom pom(String folder) throws IOException {
        return Pom.read(ROOT.resolve(folder).resolve("pom.xml"));
    }

    /** Returns the POMs of the published modules, by their folders. */
    static TreeMap<String, Pom> published() throws IOException {
        Pom root = root();
        List<Element> modules = new ArrayList<>(root.all("modules/module"));
        modules.addAll(root.all("profiles/profile/modules/module"));
        TreeMap<String, Pom> found = new TreeMap<>();
        for (Element each : modules) {
            String folder = each.getTextContent().strip();
            Pom pom = pom(folder);
            if (pom.text("properties/maven.deploy.skip").equals("false")) {
                found.put(folder, pom);
            }
        }
        return found;
    }
}
