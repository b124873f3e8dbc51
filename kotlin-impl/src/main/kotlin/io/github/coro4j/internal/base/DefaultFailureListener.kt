package io.github.coro4j.internal.base

import io.github.coro4j.FailureListener
import io.github.coro4j.FailureReport
import io.github.coro4j.spi.Label
import java.io.PrintWriter
import java.io.StringWriter
import java.util.logging.Level
import java.util.logging.Logger

/**
 * The default listener. Every JDK and Android have java.util.logging, and its users know how to
 * redirect it.
 */
internal object DefaultFailureListener : FailureListener {
    private val logger = Logger.getLogger("io.github.coro4j")

    override fun onFailure(report: FailureReport) = log(report.message(), report.exception())

    fun listenerFailed(scope: String, exception: Throwable) =
        log(
            "the failure listener of ${Label.of("scope", scope)} threw; its report is logged above",
            exception,
        )

    fun serviceNotFound(kind: String, exception: Throwable) =
        log("a $kind could not be loaded, and is left out", exception)

    /** Logs a dump as one record, so that no line of another thread comes between its lines. */
    fun logDump(dump: () -> String) {
        if (logger.isLoggable(Level.INFO)) logger.log(Level.INFO, dump().removeSuffix("\n"))
    }

    private fun log(message: String, exception: Throwable) {
        try {
            logger.log(Level.SEVERE, message, printable(exception))
        } catch (e: Throwable) {
            // A log handler of the user threw, and there is no other place to report to. The
            // reporting thread must survive.
        }
    }

    /**
     * Returns [exception]. If its methods throw, returns a substitute with its class name and stack
     * trace, because a log handler drops a record that it cannot format.
     */
    private fun printable(exception: Throwable): Throwable =
        try {
            exception.printStackTrace(PrintWriter(StringWriter()))
            exception
        } catch (e: Throwable) {
            Unprintable(exception, e)
        }

    private class Unprintable(exception: Throwable, why: Throwable) :
        Exception(
            "${exception.javaClass.name} (its text and causes are missing: reading them threw " +
                "${why.javaClass.name})",
            null,
            false,
            true,
        ) {
        init {
            try {
                stackTrace = exception.stackTrace
            } catch (e: Throwable) {
                // The trace cannot be read, so this exception keeps its own.
            }
        }

        override fun toString(): String = message!!
    }
}
