package io.github.coro4j.coroutines

/**
 * Stands for the failure of a future where kotlinx.coroutines could not hold the original.
 *
 * Functions of kotlinx that read the `Deferred` of a future by themselves (`select`, kotlinx's
 * `awaitAll`, `invokeOnCompletion`) get the original exception, with two exceptions, for which they
 * get this one, with the original as its [cause]:
 * - a `CancellationException` with which the work ended although nobody had requested its
 *   cancellation: kotlinx, and the coroutine that awaits, would take it for a cancellation of their
 *   own;
 * - an exception whose class overrides `equals`, `getCause` or `getStackTrace`: kotlinx calls these
 *   while a job ends, and an override that throws would keep the job from ending.
 *
 * `Future.await`, `awaitOutcome`, this library's `awaitAll` and all of Java's methods give the
 * original itself.
 *
 * @property original the exception that the work ended with
 */
public class FutureFailedException internal constructor(public val original: Throwable) :
    RuntimeException(textOf(original), original, true, false) {
    // The property of its own keeps the stack-trace recovery of kotlinx.coroutines from copying it.

    private companion object {
        private const val serialVersionUID = 1L

        // Asks the original for nothing but its class.
        fun textOf(original: Throwable) =
            if (original is java.util.concurrent.CancellationException)
                "ended with a cancellation that was not requested: ${original.javaClass.name}"
            else "failed with ${original.javaClass.name}"
    }
}
