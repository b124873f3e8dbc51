package io.github.coro4j.dex;

import java.io.IOException;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** Makes the JVM verify every class of a jar, which it otherwise does when a class is first used. */
final class VerifyAll {
    private VerifyAll() {}

    public static void main(String[] arguments) throws IOException {
        List<String> names;
        try (JarFile jar = new JarFile(arguments[0])) {
            names =
                    jar.stream()
                            .map(JarEntry::getName)
                            .filter(name -> name.endsWith(".class"))
                            .map(name -> name.replace(".class", "").replace('/', '.'))
                            .toList();
        }
        int invalid = 0;
        for (String each : names) {
            try {
                Class.forName(each);
            } catch (VerifyError e) {
                invalid++;
                System.out.println(each + ": " + e);
            } catch (ClassNotFoundException | LinkageError e) {
                // The class is valid. Its initializer needs something that this process lacks.
            }
        }
        System.out.println(names.size() + " classes are valid");
        System.exit(invalid == 0 ? 0 : 1);
    }
}
