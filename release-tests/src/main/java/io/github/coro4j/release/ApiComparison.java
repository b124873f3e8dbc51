package io.github.coro4j.release;

import japicmp.cmp.JApiCmpArchive;
import japicmp.cmp.JarArchiveComparator;
import japicmp.cmp.JarArchiveComparatorOptions;
import japicmp.filter.JavadocLikePackageFilter;
import japicmp.model.AccessModifier;
import japicmp.model.JApiBehavior;
import japicmp.model.JApiClass;
import japicmp.model.JApiCompatibility;
import japicmp.model.JApiField;
import japicmp.model.JApiParameter;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares the public API of two jars with japicmp. The packages below {@code io.github.coro4j.internal} may change at any
 * time, so it leaves them out.
 */
final class ApiComparison {
    private static final String INTERNAL = "io.github.coro4j.internal";

    private ApiComparison() {}

    /**
     * Returns the changes that break code which was compiled against the old jar, or source code that uses it.
     *
     * @return lines such as {@code io.github.coro4j.Future#join(): METHOD_REMOVED}, sorted
     */
    static TreeSet<String> incompatible(Path old, Path now) {
        JarArchiveComparatorOptions options = new JarArchiveComparatorOptions();
        options.setAccessModifier(AccessModifier.PROTECTED);
        options.getFilters().getExcludes().add(new JavadocLikePackageFilter(INTERNAL, false));
        options.getIgnoreMissingClasses().setIgnoreAllMissingClasses(true);
        TreeSet<String> found = new TreeSet<>();
        List<JApiClass> classes =
                new JarArchiveComparator(options)
                        .compare(
                                new JApiCmpArchive(old.toFile(), "old"),
                                new JApiCmpArchive(now.toFile(), "new"));
        for (JApiClass each : classes) {
            changesOf(each, found);
        }
        return found;
    }

    private static void changesOf(JApiClass type, TreeSet<String> found) {
        String name = type.getFullyQualifiedName();
        add(type, name, found);
        add(type.getSuperclass(), name, found);
        type.getInterfaces().forEach(each -> add(each, name, found));
        for (JApiField each : type.getFields()) {
            add(each, name + "#" + each.getName(), found);
        }
        Stream.<JApiBehavior>concat(type.getMethods().stream(), type.getConstructors().stream())
                .forEach(each -> add(each, name + "#" + signature(each), found));
    }

    private static String signature(JApiBehavior method) {
        return method.getName()
                + method.getParameters().stream()
                        .map(JApiParameter::getType)
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    private static void add(JApiCompatibility part, String name, TreeSet<String> found) {
        part.getCompatibilityChanges().stream()
                .filter(each -> !each.isBinaryCompatible() || !each.isSourceCompatible())
                .forEach(each -> found.add(name + ": " + each.getType()));
    }
}
