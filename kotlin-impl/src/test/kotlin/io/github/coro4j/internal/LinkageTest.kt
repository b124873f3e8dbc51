package io.github.coro4j.internal

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget
import com.tngtech.archunit.core.domain.JavaClass
import com.tngtech.archunit.core.importer.ClassFileImporter
import java.nio.file.Path
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/**
 * Whatever the class files of the engine name of Kotlin and kotlinx.coroutines is there, also what
 * only the compiler has written into them. The build runs this on the oldest and on the newest
 * versions, so a member that one of them lacks is found here, and not by a user.
 */
class LinkageTest {
    private val classes = ClassFileImporter().importPath(Path.of("target", "classes"))

    @Test
    fun eachClassThatTheEngineNames_isThere() {
        val named = classes.flatMap { it.directDependenciesFromSelf }.map { it.targetClass }
        val missing =
            named
                .map { it.baseComponentType.name }
                .filter(::isOfALibrary)
                .toSortedSet()
                .filterNot(::exists)
        assertEquals("", missing.joinToString("\n"))
    }

    @Test
    fun eachMemberThatTheEngineUses_isThere() {
        val accesses =
            classes.flatMap(JavaClass::getAccessesFromSelf).filter {
                isOfALibrary(it.targetOwner.name)
            }
        assertTrue(accesses.size > 1000, "only ${accesses.size} uses were found")
        val missing =
            accesses
                .filterNot { it.target.resolveMember().isPresent && hasSameType(it.target) }
                .map { it.description }
                .toSortedSet()
        assertEquals("", missing.joinToString("\n"))
    }

    /** A method is found by its name and parameters, but the JVM needs the same result type too. */
    private fun hasSameType(target: Any): Boolean {
        if (target !is CodeUnitCallTarget) return true
        val found = target.resolveMember().get()
        return found.isConstructor || found.rawReturnType == target.rawReturnType
    }

    private fun isOfALibrary(name: String) =
        name.startsWith("kotlin.") || name.startsWith("kotlinx.")

    private fun exists(name: String): Boolean =
        try {
            Class.forName(name, false, javaClass.classLoader) != null
        } catch (e: ClassNotFoundException) {
            false
        }
}
