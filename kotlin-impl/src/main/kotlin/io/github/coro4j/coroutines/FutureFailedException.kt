package io.github.coro4j.coroutines

/**
 * Replaces the failure of a future where kotlinx.coroutines cannot hold the original.
 *
 * Some functions of kotlinx read the `Deferred` of a future directly: `select`, kotlinx's
 * `awaitAll`, and `invokeOnCompletion`. They usually see the original. In two cases they see this
 * exception, with the original as its [cause]:
 * - The work ended with a `CancellationException`, but its cancellation was not requested. kotlinx
 *   and the awaiting coroutine would mistake the original for a cancellation of their own.
 * - The class of the original overrides `equals`, `getCause` or `getStackTrace`. kotlinx calls
 *   these methods while a job ends, and an override that throws would keep the job from ending.
 *
 * All other readers get the original: `await` of a future or of its `Deferred`, `awaitOutcome`,
 * this library's `awaitAll`, and every method for Java.
 *
 * @property original the exception that the work ended with
 */
public class FutureFailedException internal constructor(public val original: Throwable) :
    RuntimeException(textOf(original), original, true, false) {
    // The stack-trace recovery of kotlinx.coroutines does not copy it, because it adds a property.

    private companion object {
        private const val serialVersionUID = 1L

        // Reads only the class of the original, because its methods may throw.
        fun textOf(original: Throwable) =
            if (original is java.util.concurrent.CancellationException)
                "The future ended with ${original.javaClass.name}, " +
                    "but its cancellation was not requested"
            else "The future failed with ${original.javaClass.name}"
    }
}
