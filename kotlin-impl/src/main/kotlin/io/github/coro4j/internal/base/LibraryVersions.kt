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
    private const val MOST_DIGITS = 9

    /** A library that is too old: what to call it, what to set, and in which property of Boot. */
    private class Old(val found: String, val set: String, val property: String)

    fun check() {
        val oldKotlin = kotlin()
        val oldCoroutines = coroutines()
        if (oldKotlin == null && oldCoroutines == null) return
        val old = listOf(oldKotlin, oldCoroutines).filterNotNull()
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
        if (numbers[1] < 0) return null
        val least = numbersOf(needed)
        for (index in least.indices) {
            val number = numbers[index].coerceAtLeast(0)
            if (number != least[index]) return number > least[index]
        }
        return true
    }

    /**
     * Returns the first three numbers, before the first part that is none; `1.8.1-RC` has three. -1
     * stands for a number that is not there. The string functions of Kotlin would take as long as
     * the rest of the check, because the first use of the engine is the first of theirs.
     */
    private fun numbersOf(version: String): IntArray {
        val numbers = intArrayOf(-1, -1, -1)
        var at = 0
        for (index in numbers.indices) {
            val begin = at
            var number = 0
            while (at < version.length && version[at] in '0'..'9' && at - begin < MOST_DIGITS) {
                number = 10 * number + (version[at++] - '0')
            }
            val isNumber = at > begin && (at == version.length || isEndOfNumber(version[at]))
            if (isNumber) numbers[index] = number
            if (!isNumber || at == version.length || version[at] == '-') break
            at++
        }
        return numbers
    }

    private fun isEndOfNumber(next: Char) = next == '.' || next == '-'

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
