@file:OptIn(ExperimentalCoroutinesApi::class)

package io.github.coro4j.internal.base

import io.github.coro4j.spi.BuildInfo.seeError
import java.io.IOException
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job

/**
 * Checks that Kotlin and kotlinx.coroutines are new enough, before the engine uses anything that an
 * old version lacks (R35). Otherwise the first call of a missing method throws a
 * `NoSuchMethodError` in the middle of a start or an end.
 *
 * This class itself runs on older versions, so it uses only what Kotlin 1.6 has.
 */
internal object LibraryVersions {
    /** The oldest versions on which the build runs the tests (ADR 6). */
    private const val NEEDED_KOTLIN = "1.9.25"
    private const val NEEDED_COROUTINES = "1.8.1"

    /** A library that is too old: what to call it, what to set, and in which property of Boot. */
    private class Old(val found: String, val set: String, val property: String)

    fun check() {
        val old = listOf(kotlin(), coroutines()).filterNotNull()
        if (old.isEmpty()) return
        val several = old.size > 1
        throw IllegalStateException(
            "The class path has ${old.joinToString(" and ") { it.found }}, " +
                "which ${if (several) "are" else "is"} too old for coro4j: " +
                "set ${old.joinToString(" and ") { it.set }} " +
                "(in Spring Boot, the ${if (several) "properties" else "property"} " +
                "${old.joinToString(" and ") { it.property }}). ${seeError("old-kotlin")}"
        )
    }

    private fun kotlin(): Old? {
        val found = KotlinVersion.CURRENT.toString()
        if (isAtLeast(found, NEEDED_KOTLIN) != false) return null
        return Old("Kotlin $found", "kotlin-stdlib to $NEEDED_KOTLIN or later", "kotlin.version")
    }

    /** If the version is unknown, as after shading or on Android, this tries a member. */
    private fun coroutines(): Old? {
        val found = coroutinesVersion()
        if (isAtLeast(found, NEEDED_COROUTINES) ?: hasParent()) return null
        return Old(
            "kotlinx.coroutines ${found ?: "of an unknown version"}",
            "kotlinx-coroutines-core to $NEEDED_COROUTINES or later",
            "kotlin-coroutines.version",
        )
    }

    /**
     * Compares the first three numbers. Returns null if [found] does not begin with two numbers.
     */
    private fun isAtLeast(found: String?, needed: String): Boolean? {
        val numbers = numbersOf(found ?: return null)
        if (numbers.size < 2) return null
        for ((index, least) in numbersOf(needed).withIndex()) {
            val number = if (index < numbers.size) numbers[index] else 0
            if (number != least) return number > least
        }
        return true
    }

    /** Returns the numbers before the first part that is none; `1.8.1-RC` has three. */
    private fun numbersOf(version: String): List<Int> {
        val numbers = ArrayList<Int>()
        for (part in version.substringBefore('-').split('.')) {
            numbers.add(part.toIntOrNull() ?: break)
        }
        return numbers
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
