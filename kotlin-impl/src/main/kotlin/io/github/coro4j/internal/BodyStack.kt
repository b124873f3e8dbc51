package io.github.coro4j.internal

/** Where a body stands: its own frames, the innermost first, and how many were left out. */
internal class BodyStack(val frames: List<String>, val more: Int) {
    companion object {
        private const val MOST_FRAMES = 12
        private const val ENGINE = "io.github.coro4j.internal."
        private val BODY = BodyJob::class.java.name
        private const val RESUMING = "kotlin.coroutines.jvm.internal.BaseContinuationImpl"

        /** The engine parks, or takes this very dump: of no interest, with all that is above. */
        private val INSIDE = listOf(Waiting::class.java.name, SnapshotTaker::class.java.name)

        val NONE = BodyStack(emptyList(), 0)

        /**
         * Nothing unless [job] is the innermost body of its thread. A body runs once, on one
         * thread: if it was there before and is there afterwards, the stack is its own.
         */
        fun of(job: WorkJob<*>): BodyStack {
            val runner = job.runner ?: return NONE
            if (runner.current !== job) return NONE
            val stack = runner.thread.stackTrace
            if (runner.current !== job || job.runner !== runner) return NONE
            return cut(stack)
        }

        private fun cut(stack: Array<StackTraceElement>): BodyStack {
            // Not found where the JVM has cut a very deep stack itself.
            val below = stack.indexOfFirst(::isBelow)
            val upToBody = stack.asList().subList(0, if (below < 0) stack.size else below)
            val above = upToBody.indexOfLast { frame -> INSIDE.any(frame.className::startsWith) }
            val frames = upToBody.drop(above + 1).filterNot(::isNoise)
            return BodyStack(
                frames.take(MOST_FRAMES).map(::text),
                (frames.size - MOST_FRAMES).coerceAtLeast(0),
            )
        }

        /** Calls the body, or the next part of one that was suspended. */
        private fun isBelow(frame: StackTraceElement): Boolean =
            frame.className == BODY && frame.methodName == "runOn" || frame.className == RESUMING

        /** The class of a lambda calls the method that has its code, which is in the stack too. */
        private fun isNoise(frame: StackTraceElement): Boolean =
            frame.className.startsWith(ENGINE) || "\$\$Lambda" in frame.className

        /** Without module, version and class loader, which newer JDKs put before it. */
        private fun text(frame: StackTraceElement): String {
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
}
