@file:OptIn(ExperimentalCoroutinesApi::class)

package io.github.coro4j.internal.base

import java.io.IOException
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job

/**
 * Checks that Kotlin and kotlinx.coroutines are new enough, before the engine uses anything that an
 * old version lacks (R35). Otherwise the first call of a missing method throws a
 * `NoSuchMethodError` in the middle of a start or an end.
 */
internal object LibraryVersions {
    /** This version brought `SpillingKt`, which compiled suspend functions of the engine call. */
    private const val KOTLIN_MAJOR = 2
    private const val KOTLIN_MINOR = 1
    private const val NEEDED_KOTLIN = "$KOTLIN_MAJOR.$KOTLIN_MINOR.0"

    /** `Job.parent` came with 1.7, but versions before this one were not tried. */
    private const val COROUTINES_MAJOR = 1
    private const val COROUTINES_MINOR = 8
    private const val NEEDED_COROUTINES = "$COROUTINES_MAJOR.$COROUTINES_MINOR.0"

    private const val UNKNOWN = "of an unknown version"

    fun check() {
        val kotlin = KotlinVersion.CURRENT
        val coroutines = coroutinesVersion()
        if (kotlin.isAtLeast(KOTLIN_MAJOR, KOTLIN_MINOR) && isNewEnough(coroutines)) return
        throw IllegalStateException(
            "The class path has Kotlin $kotlin and kotlinx.coroutines ${coroutines ?: UNKNOWN}. " +
                "coro4j needs at least Kotlin $NEEDED_KOTLIN and kotlinx.coroutines $NEEDED_COROUTINES. " +
                "Raise the versions of kotlin-stdlib and kotlinx-coroutines-core, which a platform " +
                "or a dependencyManagement section may have lowered. See docs/errors.md#old-kotlin"
        )
    }

    /** Compares the version. If it is unknown, as after shading or on Android, tries a member. */
    private fun isNewEnough(coroutines: String?): Boolean {
        val parts = coroutines?.split('.') ?: return hasParent()
        val major = parts[0].toIntOrNull() ?: return hasParent()
        val minor = parts.getOrNull(1)?.toIntOrNull() ?: return hasParent()
        return major > COROUTINES_MAJOR || major == COROUTINES_MAJOR && minor >= COROUTINES_MINOR
    }

    /** Calls the newest member that the engine needs, because only a call shows that it exists. */
    private fun hasParent(): Boolean =
        try {
            Job().parent == null
        } catch (e: LinkageError) {
            false
        }

    private fun coroutinesVersion(): String? =
        try {
            Job::class
                .java
                .classLoader
                ?.getResourceAsStream("META-INF/kotlinx_coroutines_core.version")
                ?.use { String(it.readBytes(), Charsets.UTF_8).trim() }
                ?.takeIf { it.isNotEmpty() }
        } catch (e: IOException) {
            null
        }
}
