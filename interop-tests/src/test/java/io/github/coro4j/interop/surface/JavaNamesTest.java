package io.github.coro4j.interop.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.interop.testing.JavaCompilation;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** In the exported packages, javac, and so a Java editor, offers only names that are for Java. */
@Rule(30)
class JavaNamesTest {
    /** Methods that a Java caller needs, although their signatures have a type of Kotlin. */
    private static final Set<String> NEEDED =
            Set.of(
                    "SuspendCall.call",
                    "SuspendItemCall.call",
                    "SuspendAction.call",
                    "Suspend.returning",
                    "Suspend.returningUnit",
                    "Flows.iterator",
                    "Flows.stream",
                    "Flows.publisher");

    private static final Pattern KOTLIN = Pattern.compile("\\bkotlinx?\\.");

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    void typesOfKotlinAreOnlyWhereJavaNeedsThem() throws IOException {
        Set<String> seen = new TreeSet<>();
        for (Class<?> type : exported()) {
            for (Method method : visible(type.getDeclaredMethods())) {
                if (KOTLIN.matcher(method.toGenericString()).find()) {
                    seen.add(type.getSimpleName() + "." + method.getName());
                }
            }
            for (Field field : visible(type.getDeclaredFields())) {
                assertFalse(KOTLIN.matcher(field.toGenericString()).find(), field::toString);
            }
        }
        assertEquals(new TreeSet<>(NEEDED), seen);
    }

    // Kotlin mangles the name of an internal member, and leaves the member public.
    @Test
    void noNameIsMangled() throws IOException {
        List<String> mangled = new ArrayList<>();
        for (Class<?> type : exported()) {
            for (Method method : visible(type.getDeclaredMethods())) {
                if (method.getName().matches(".*[$-].*")) {
                    mangled.add(method.toString());
                }
            }
        }
        assertEquals(List.of(), mangled);
    }

    @Test
    void functionsForKotlinDoNotCompileInJava() throws IOException {
        int calls = 0;
        for (Class<?> type : exported()) {
            if (type.getSimpleName().endsWith("Kt")) {
                assertTrue(type.isSynthetic(), type::toString);
                assertEquals(List.of(), visible(type.getDeclaredMethods()), type::toString);
                for (Method method : type.getDeclaredMethods()) {
                    // Java cannot call a function whose name has a dash.
                    if (Modifier.isPublic(method.getModifiers())
                            && !method.getName().contains("-")) {
                        calls++;
                        assertRefused(type, method);
                    }
                }
            }
        }
        assertTrue(calls > 10, "only " + calls + " functions: does the walk still see them?");
    }

    // This is the control: a function for Java compiles with the same path.
    @Test
    void functionsForJavaCompileInJava() {
        compilation("Object it = io.github.coro4j.coroutines.Suspend.call(c -> 1);").assertClean();
    }

    private static void assertRefused(Class<?> type, Method method) {
        String nulls =
                Arrays.stream(method.getParameterTypes())
                        .map(each -> each.isPrimitive() ? "0" : "null")
                        .collect(Collectors.joining(", ", "(", ");"));
        compilation(type.getName() + "." + method.getName() + nulls)
                .assertFailsWith("cannot find symbol");
    }

    private static JavaCompilation compilation(String statement) {
        return JavaCompilation.of("Sample", "class Sample { { " + statement + " } }")
                .against(
                        Artifact.api().path(),
                        Artifact.engine().path(),
                        Artifact.jspecify().path(),
                        Artifact.kotlin().path(),
                        Artifact.coroutines().path());
    }

    private static List<Class<?>> exported() throws IOException {
        List<Class<?>> types = new ArrayList<>();
        for (Artifact each : List.of(Artifact.api(), Artifact.engine())) {
            for (Exports exports : each.descriptor().exports()) {
                if (!exports.isQualified()) {
                    types.addAll(each.publicTypes(exports.source()));
                }
            }
        }
        return types;
    }

    private static <M extends Member> List<M> visible(M[] members) {
        return Stream.of(members)
                .filter(each -> !each.isSynthetic())
                .filter(each -> (each.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0)
                .toList();
    }
}
