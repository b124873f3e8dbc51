package io.github.coro4j.internal

import com.tngtech.archunit.core.domain.JavaClass
import com.tngtech.archunit.core.importer.ClassFileImporter
import java.nio.file.Path
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** The packages of the engine use each other in one direction; see `docs/architecture.md`. */
class PackagesTest {
    private val classes =
        ClassFileImporter().importPath(Path.of("target", "classes")).filter {
            it.packageName.startsWith(ROOT)
        }

    @Test
    fun eachPackageUsesOnlyThePackagesBeforeIt() {
        val wrong = sortedSetOf<String>()
        for (user in classes) for (use in user.directDependenciesFromSelf) {
            val used = use.targetClass.baseComponentType
            if (!used.packageName.startsWith(ROOT)) continue
            if (ORDER.indexOf(packageOf(used)) > ORDER.indexOf(packageOf(user)))
                wrong.add("${user.name} uses ${used.name}")
        }
        assertEquals("", wrong.joinToString("\n"))
    }

    @Test
    fun theOrderNamesExactlyThePackages() {
        assertEquals(ORDER.toSortedSet(), classes.map(::packageOf).toSortedSet())
    }

    private fun packageOf(of: JavaClass) = of.packageName.removePrefix(ROOT)

    private companion object {
        const val ROOT = "io.github.coro4j.internal."

        /** A package may use itself and those before it. `docs/architecture.md` explains them. */
        val ORDER =
            listOf(
                "base",
                "time",
                "context",
                "job",
                "pool",
                "wait",
                "future",
                "coroutine",
                "gather.policy",
                "gather.group",
                "gather",
                "dump",
                "scope",
                "engine",
            )
    }
}
