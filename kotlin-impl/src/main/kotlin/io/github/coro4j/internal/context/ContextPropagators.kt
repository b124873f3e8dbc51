package io.github.coro4j.internal.context

import io.github.coro4j.ContextPropagator
import io.github.coro4j.internal.base.found
import io.github.coro4j.spi.BuildInfo.seeError
import io.github.coro4j.spi.Exceptions
import java.util.ServiceLoader

/** The job for whose user code propagators install what they have captured. */
internal interface PropagationUser {
    /** Reports what a propagator threw. */
    fun propagatorFailed(exception: Throwable)
}

/**
 * The context propagators of a scope (R27). A scope without propagators has none of these, so it
 * captures nothing, and its tasks do not grow.
 */
internal class ContextPropagators private constructor(private val all: List<ContextPropagator>) {
    /**
     * Captures what the calling thread holds, for [install]. [consequence] says what was not done
     * because a propagator threw.
     */
    inline fun capture(consequence: () -> String): Any {
        if (all.size == 1) return captureBy(all[0], consequence) ?: NOTHING
        return Array(all.size) { captureBy(all[it], consequence) }
    }

    private inline fun captureBy(propagator: ContextPropagator, consequence: () -> String): Any? =
        try {
            propagator.capture()
        } catch (e: Throwable) {
            throw notCaptured(propagator, consequence(), e)
        }

    private fun notCaptured(
        propagator: ContextPropagator,
        consequence: String,
        exception: Throwable,
    ) =
        IllegalStateException(
            "$consequence, because the context propagator ${propagator.javaClass.name} could not capture " +
                "what thread \"${Thread.currentThread().name}\" holds: ${Exceptions.text(exception)}. " +
                seeError("nothing-captured"),
            exception,
        )

    /**
     * Installs [captured] on the calling thread, for the body or callback of [whose]. If one
     * propagator throws, nothing stays installed. The caller must close the result on this thread.
     */
    fun install(captured: Any, whose: PropagationUser): Installed {
        var last: Installed? = null
        try {
            for (index in all.indices) {
                // Create this first, because there may be no memory for it.
                val next = Installed(whose, last)
                next.back = installBy(all[index], valueAt(index, captured))
                last = next
            }
        } catch (e: Throwable) {
            last?.close()
            throw e
        }
        return last!!
    }

    private fun installBy(propagator: ContextPropagator, value: Any?): ContextPropagator.Installed {
        val installed: ContextPropagator.Installed? = propagator.install(value)
        return installed ?: throw restoresNothing(propagator)
    }

    private fun restoresNothing(propagator: ContextPropagator) =
        NullPointerException(
            "what install() of ${propagator.javaClass.name} returns must not be null: " +
                "nothing could put back what the thread held"
        )

    private fun valueAt(index: Int, captured: Any): Any? =
        when {
            all.size > 1 -> (captured as Array<*>)[index]
            captured === NOTHING -> null
            else -> captured
        }

    /** The installation by one propagator, linked to those of the propagators before it. */
    class Installed(private val whose: PropagationUser, private val before: Installed?) {
        lateinit var back: ContextPropagator.Installed

        /** Undoes all installations, the last one first. */
        fun close() {
            var each: Installed? = this
            while (each != null) {
                each.closeOne()
                each = each.before
            }
        }

        private fun closeOne() {
            try {
                back.close()
            } catch (e: Throwable) {
                whose.propagatorFailed(e)
            }
        }
    }

    /** Runs a body with [captured] installed, or throws what a propagator throws. */
    inline fun <R> around(captured: Any, whose: PropagationUser, body: () -> R): R {
        val installed = install(captured, whose)
        try {
            return body()
        } finally {
            installed.close()
        }
    }

    /** Runs a callback with [captured] installed. It runs even if a propagator throws (R10). */
    inline fun aroundCallback(captured: Any, whose: PropagationUser, callback: () -> Unit) {
        val installed =
            try {
                install(captured, whose)
            } catch (e: Throwable) {
                whose.propagatorFailed(e)
                null
            }
        try {
            callback()
        } finally {
            installed?.close()
        }
    }

    companion object {
        private val NOTHING = Any()

        /**
         * Returns the propagators of a scope inside [around] with propagators of its [own], or null
         * if there are none.
         */
        fun of(own: List<ContextPropagator>, around: ContextPropagators?): ContextPropagators? {
            if (own.isEmpty()) return around
            return ContextPropagators(((around?.all ?: emptyList()) + own).distinct())
        }

        /** Finds the available propagators that the application provides as services. */
        fun find(): ContextPropagators? {
            // R8 on Android can follow only this exact form of the call.
            val services =
                ServiceLoader.load(
                        ContextPropagator::class.java,
                        ContextPropagator::class.java.classLoader,
                    )
                    .iterator()
            return of(found(services, "context propagator", ContextPropagator::isAvailable), null)
        }
    }
}

/** A body, and the captured context of its start. */
internal class BodyWithContext(@JvmField val captured: Any, @JvmField val body: Any?)
