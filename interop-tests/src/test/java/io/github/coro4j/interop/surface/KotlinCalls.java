package io.github.coro4j.interop.surface;

import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedTypeVariable;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes two lines of Kotlin for a method of Java: one uses the result as a wrong type, the other passes arguments of a
 * wrong type. The compiler refuses both, and says which types it sees.
 */
final class KotlinCalls {
    /** The declarations that the calls use. */
    static final String PRELUDE =
            """
            class Mine private constructor()
            class Wrong private constructor()
            fun <T> any(): T = TODO()
            val wrong: Wrong get() = TODO()
            """;

    private static final Map<Class<?>, String> NAMES =
            Map.ofEntries(
                    Map.entry(boolean.class, "Boolean"),
                    Map.entry(int.class, "Int"),
                    Map.entry(long.class, "Long"),
                    Map.entry(Integer.class, "Int"),
                    Map.entry(Object.class, "Any"),
                    Map.entry(String.class, "String"),
                    Map.entry(Throwable.class, "Throwable"),
                    Map.entry(Iterable.class, "Iterable"),
                    Map.entry(Iterator.class, "Iterator"),
                    Map.entry(List.class, "List"),
                    Map.entry(Set.class, "Set"),
                    Map.entry(Map.class, "Map"));

    private KotlinCalls() {}

    static String result(Executable called) {
        return "val it = " + call(called, type -> "any<" + type + ">()") + "; val not: Wrong = it";
    }

    static String arguments(Executable called) {
        return call(called, type -> "wrong");
    }

    /** Returns whether a parameter refuses some arguments. */
    static boolean refusesArguments(Executable called) {
        return Arrays.stream(called.getGenericParameterTypes())
                .anyMatch(type -> type != Object.class);
    }

    private static String call(Executable called, UnaryOperator<String> argument) {
        Class<?> type = called.getDeclaringClass();
        String arguments =
                Arrays.stream(called.getParameters())
                        .map(each -> (each.isVarArgs() ? "*" : "") + argument.apply(typeOf(each)))
                        .collect(Collectors.joining(", ", "(", ")"));
        String own = typeArguments(Stream.of(called.getTypeParameters()));
        String ofType = typeArguments(Stream.of(type.getTypeParameters()));
        if (called instanceof Constructor<?>) {
            return type.getCanonicalName() + ofType + arguments;
        }
        String receiver =
                Modifier.isStatic(called.getModifiers())
                        ? type.getCanonicalName()
                        : "any<" + type.getCanonicalName() + ofType + ">()";
        return receiver + "." + called.getName() + own + arguments;
    }

    private static String typeOf(Parameter parameter) {
        return text(parameter.getAnnotatedType());
    }

    private static String typeArguments(Stream<? extends TypeVariable<?>> variables) {
        String texts = variables.map(KotlinCalls::text).collect(Collectors.joining(", "));
        return texts.isEmpty() ? "" : "<" + texts + ">";
    }

    /** Returns the text of a variable, which may be null if its bound may. */
    private static String text(TypeVariable<?> variable) {
        return isNullable(variable.getAnnotatedBounds()[0]) ? "Mine?" : "Mine";
    }

    private static String text(AnnotatedType type) {
        String mark = isNullable(type) ? "?" : "";
        if (type instanceof AnnotatedTypeVariable) {
            String text = text((TypeVariable<?>) type.getType());
            return text.endsWith("?") ? text : text + mark;
        }
        if (type instanceof AnnotatedWildcardType wildcard) {
            return wildcard.getAnnotatedLowerBounds().length > 0
                    ? "in " + text(wildcard.getAnnotatedLowerBounds()[0])
                    : "out " + text(wildcard.getAnnotatedUpperBounds()[0]);
        }
        if (type instanceof AnnotatedParameterizedType parameterized) {
            Class<?> raw = (Class<?>) ((ParameterizedType) type.getType()).getRawType();
            return Arrays.stream(parameterized.getAnnotatedActualTypeArguments())
                            .map(KotlinCalls::text)
                            .collect(Collectors.joining(", ", name(raw) + "<", ">"))
                    + mark;
        }
        if (type instanceof AnnotatedArrayType array) {
            return "Array<out " + text(array.getAnnotatedGenericComponentType()) + ">" + mark;
        }
        return name((Class<?>) type.getType()) + mark;
    }

    private static String name(Class<?> type) {
        return NAMES.getOrDefault(type, type.getCanonicalName());
    }

    /** Returns whether Kotlin has to see that the result may be null. */
    static boolean mayReturnNull(Method method) {
        return text(method.getAnnotatedReturnType()).endsWith("?");
    }

    private static boolean isNullable(AnnotatedType type) {
        return type.isAnnotationPresent(Nullable.class);
    }
}
