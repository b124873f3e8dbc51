package io.github.coro4j.internal.base

/**
 * The mode in which the engine records where work was started. The system property `coro4j.debug`
 * switches it on or off. Without the property it is on if assertions are enabled for the engine.
 * The engine reads the property once, so that a check costs nothing while the mode is off.
 */
internal object DebugMode {
    private const val PROPERTY = "coro4j.debug"

    @JvmField
    val isOn: Boolean =
        try {
            isOn(System.getProperty(PROPERTY), areAssertionsOn())
        } catch (e: IllegalStateException) {
            areAssertionsOn() // check() throws it, on the thread that uses the engine first
        }

    /** Throws [IllegalStateException] if the property is neither true nor false. */
    fun check() {
        isOn(System.getProperty(PROPERTY), areAssertionsOn())
    }

    fun isOn(setting: String?, areAssertionsOn: Boolean): Boolean =
        when (setting?.trim()?.lowercase()) {
            null -> areAssertionsOn
            "",
            "true" -> true
            "false" -> false
            else ->
                throw IllegalStateException(
                    "the system property $PROPERTY must be true or false, but is '$setting'"
                )
        }

    private fun areAssertionsOn() = DebugMode::class.java.desiredAssertionStatus()
}
