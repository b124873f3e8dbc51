package io.github.coro4j.internal.base

import io.github.coro4j.FailureListener
import io.github.coro4j.FailureReport
import io.github.coro4j.spi.Label
import java.io.PrintWriter
import java.io.StringWriter
import java.util.logging.Level
import java.util.logging.LogRecord
import java.util.logging.Logger

/**
 * The default listener. Every JDK and Android have java.util.logging, and its users know how to
 * redirect it.
 */
internal object DefaultFailureListener : FailureListener {
    /** Creates the logger on first use, because creating it takes some milliseconds. */
    private object Log {
        @JvmField val logger: Logger = Logger.getLogger("io.github.coro4j")
    }

    private val logger
        get() = Log.logger

    override fun onFailure(report: FailureReport) = log(textOf(report), report.exception())

    fun listenerFailed(scope: String, exception: Throwable) =
        log(
            "the failure listener of ${Label.of("scope", scope)} threw; its report is logged above",
            exception,
        )

    fun serviceNotFound(kind: String, exception: Throwable) =
        log("a $kind could not be loaded, and is left out", exception)

    /** Logs a dump as one record, so that no line of another thread comes between its lines. */
    fun logDump(dump: () -> String) {
        if (logger.isLoggable(Level.INFO)) emit(Level.INFO, dump().removeSuffix("\n"), null)
    }

    /**
     * Prints a report while the JVM exits. `java.util.logging` has a shutdown hook of its own,
     * which removes the handlers at the same time, so a log record might be lost.
     */
    fun printAtExit(report: FailureReport) {
        try {
            print(textOf(report), printable(report.exception()))
        } catch (e: Throwable) {
            // A stream of the user threw. The other reports must follow.
        }
    }

    /** Logs a record, and prints it if that shutdown hook has removed the handlers. */
    private fun emit(level: Level, message: String, exception: Throwable?) {
        val record = ObservedRecord(level, message)
        record.loggerName = logger.name
        record.thrown = exception
        logger.log(record)
        if (!record.wasRead && Exit.isUnderWay()) print(message, exception)
    }

    /** A record that tells whether a handler has formatted it. */
    private class ObservedRecord(level: Level, message: String) : LogRecord(level, message) {
        @Transient
        @Volatile
        var wasRead = false
            private set

        override fun getMessage(): String {
            wasRead = true
            return super.getMessage()
        }
    }

    private fun print(message: String, exception: Throwable?) {
        System.err.println(message)
        exception?.printStackTrace()
    }

    /** Returns the message of [report], in the debug mode with the place of the start. */
    private fun textOf(report: FailureReport): String =
        report.startedAt()?.let { "${report.message()}; the ${report.type()} was started at $it" }
            ?: report.message()

    fun threadStartFailed(start: Any, exception: Throwable) =
        log(
            "the ThreadStart ${start.javaClass.name} threw on thread " +
                "\"${Thread.currentThread().name}\", which continues. Later exceptions of this " +
                "ThreadStart are not logged",
            exception,
        )

    /** Logs a warning of the engine, with the stack of [at]. */
    fun warn(at: Throwable? = null, message: () -> String) {
        try {
            if (logger.isLoggable(Level.WARNING)) emit(Level.WARNING, message(), at)
        } catch (e: Throwable) {
            // A log handler of the user threw. The thread that waits must survive.
        }
    }

    private fun log(message: String, exception: Throwable) {
        try {
            emit(Level.SEVERE, message, printable(exception))
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
