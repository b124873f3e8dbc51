package io.github.coro4j.interop.surface;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.GenericDeclaration;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A public signature of {@code where} that uses the type {@code used}. */
final class TypeUse {
    private final String where;
    final String used;

    private TypeUse(String where, String used) {
        this.where = where;
        this.used = used;
    }

    @Override
    public String toString() {
        return where + " uses " + used;
    }

    /** Returns the uses of types in the public signatures of a type. */
    static List<TypeUse> usesIn(Class<?> type) {
        List<TypeUse> uses = new ArrayList<>();
        add(type.getName(), type.getGenericSuperclass(), uses);
        addAll(type.getName(), type.getGenericInterfaces(), uses);
        addBounds(type.getName(), type, uses);
        addAnnotations(type.getName(), type, uses);
        for (Method method : type.getDeclaredMethods()) {
            if (isVisible(method)) {
                addExecutable(method, uses);
                add(method.toString(), method.getGenericReturnType(), uses);
            }
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (isVisible(constructor)) {
                addExecutable(constructor, uses);
            }
        }
        for (Field field : type.getDeclaredFields()) {
            if (isVisible(field)) {
                add(field.toString(), field.getGenericType(), uses);
                addAnnotations(field.toString(), field, uses);
            }
        }
        return uses;
    }

    private static void addExecutable(Executable executable, List<TypeUse> uses) {
        String where = executable.toString();
        addAll(where, executable.getGenericParameterTypes(), uses);
        addAll(where, executable.getGenericExceptionTypes(), uses);
        addBounds(where, executable, uses);
        addAnnotations(where, executable, uses);
    }

    private static boolean isVisible(Member member) {
        return Modifier.isPublic(member.getModifiers())
                || Modifier.isProtected(member.getModifiers());
    }

    private static void addBounds(String where, GenericDeclaration generic, List<TypeUse> uses) {
        for (TypeVariable<?> variable : generic.getTypeParameters()) {
            addAll(where, variable.getBounds(), uses);
        }
    }

    private static void addAnnotations(String where, AnnotatedElement element, List<TypeUse> uses) {
        for (Annotation annotation : element.getDeclaredAnnotations()) {
            add(where, annotation.annotationType(), uses);
        }
    }

    private static void addAll(String where, Type[] types, List<TypeUse> uses) {
        Arrays.stream(types).forEach(type -> add(where, type, uses));
    }

    private static void add(String where, Type type, List<TypeUse> uses) {
        if (type instanceof Class<?> plain) {
            Class<?> element = plain;
            while (element.isArray()) {
                element = element.getComponentType();
            }
            if (!element.isPrimitive()) {
                uses.add(new TypeUse(where, element.getName()));
            }
        } else if (type instanceof ParameterizedType parameterized) {
            add(where, parameterized.getRawType(), uses);
            addAll(where, parameterized.getActualTypeArguments(), uses);
        } else if (type instanceof WildcardType wildcard) {
            addAll(where, wildcard.getUpperBounds(), uses);
            addAll(where, wildcard.getLowerBounds(), uses);
        } else if (type instanceof GenericArrayType array) {
            add(where, array.getGenericComponentType(), uses);
        }
        // A type variable adds nothing, because its bounds are seen at its declaration.
    }
}
