package io.github.coro4j.internal.base

/** The frames of stacks, for messages and dumps. */
internal object Frames {
    private const val LIBRARY = "io.github.coro4j."
    private val ENGINE = listOf("internal.", "coroutines.", "spi.", "test.").map { LIBRARY + it }
    private val PLATFORM =
        listOf("java.", "javax.", "jdk.", "sun.", "com.sun.", "kotlin.", "kotlinx.", "dalvik.")

    /** Returns whether [frame] is code of the API, the engine or `coro4j-test`. */
    fun isOurs(frame: StackTraceElement): Boolean {
        val name = frame.className
        if (!name.startsWith(LIBRARY)) return false
        // The API has no packages but `spi`. Its class names begin with an upper-case letter.
        return name[LIBRARY.length].isUpperCase() || ENGINE.any(name::startsWith)
    }

    /** Returns whether [frame] is code of the JDK, of Kotlin or of kotlinx. */
    fun isOfPlatform(frame: StackTraceElement): Boolean = PLATFORM.any(frame.className::startsWith)

    /**
     * Returns [frame] without the module, version and class loader that newer JDKs put before it.
     */
    fun textOf(frame: StackTraceElement): String {
        val file = frame.fileName
        val place =
            when {
                frame.isNativeMethod -> "Native Method"
                file == null -> "Unknown Source"
                frame.lineNumber < 0 -> file
                else -> "$file:${frame.lineNumber}"
            }
        return "${frame.className}.${frame.methodName}($place)"
    }
}
