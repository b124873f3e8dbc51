@file:OptIn(ExperimentalCoroutinesApi::class)

package io.github.coro4j.internal

import java.io.IOException
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job

/**
 * Checks that the class path has a Kotlin and a kotlinx.coroutines that are new enough, before the
 * engine touches anything that an old one lacks (R35). Otherwise the first of the missing methods
 * to be called throws a `NoSuchMethodError` in the middle of a start or of an end.
 */
internal object LibraryVersions {
    /** It brought `SpillingKt`, which the compiled suspend functions of the engine call. */
    private const val KOTLIN_MAJOR = 2
    private const val KOTLIN_MINOR = 1
    private const val NEEDED_KOTLIN = "$KOTLIN_MAJOR.$KOTLIN_MINOR.0"

    /** `Job.parent` came with 1.7; older ones than this one were not tried. */
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

    /** Without its version, as after shading or packaging for Android, its members tell. */
    private fun isNewEnough(coroutines: String?): Boolean {
        val parts = coroutines?.split('.') ?: return hasParent()
        val major = parts[0].toIntOrNull() ?: return hasParent()
        val minor = parts.getOrNull(1)?.toIntOrNull() ?: return hasParent()
        return major > COROUTINES_MAJOR || major == COROUTINES_MAJOR && minor >= COROUTINES_MINOR
    }

    /** Nothing public tells which members exist, but for a call. */
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
