package io.github.coro4j.internal.dump

import io.github.coro4j.internal.base.Frames
import io.github.coro4j.internal.job.BodyJob
import io.github.coro4j.internal.job.UserCodeJob
import io.github.coro4j.internal.wait.BlockingWait

/** The frames of a body, the innermost first, and how many were left out. */
internal class BodyStack(val frames: List<String>, val more: Int) {
    companion object {
        private const val MOST_FRAMES = 12

        /** For a recursion of user code. */
        private const val MOST_USER_FRAMES = 100
        private const val ENGINE = "io.github.coro4j.internal."
        private val BODY = BodyJob::class.java.name
        private const val RESUMING = "kotlin.coroutines.jvm.internal.BaseContinuationImpl"

        /**
         * Frames in which the engine parks, or takes this dump. They are left out, with all above
         * them.
         */
        private val INSIDE = listOf(BlockingWait::class.java.name, SnapshotTaker::class.java.name)

        val NONE = BodyStack(emptyList(), 0)

        /**
         * Returns the stack of [job], or [NONE] unless it is the innermost body of its thread. A
         * body runs once, on one thread. If it is there before and after the stack is read, the
         * stack is its own.
         */
        fun of(job: UserCodeJob<*>): BodyStack {
            val state = job.threadState ?: return NONE
            if (state.current !== job) return NONE
            val stack = state.thread.stackTrace
            if (state.current !== job || job.threadState !== state) return NONE
            return cut(stack)
        }

        private fun cut(stack: Array<StackTraceElement>): BodyStack {
            // The index is -1 if the JVM has cut a very deep stack itself.
            val below = stack.indexOfFirst(::isBelow)
            val upToBody = stack.asList().subList(0, if (below < 0) stack.size else below)
            val above = upToBody.indexOfLast { frame -> INSIDE.any(frame.className::startsWith) }
            val frames = upToBody.drop(above + 1).filterNot(::isNoise)
            val shown = shorten(frames)
            return BodyStack(shown.map(Frames::textOf), frames.size - shown.size)
        }

        /**
         * Leaves frames of the JDK, of Kotlin and of this library out of a long stack, first the
         * outer ones, so that it shows what user code does.
         */
        private fun shorten(frames: List<StackTraceElement>): List<StackTraceElement> {
            if (frames.size <= MOST_FRAMES) return frames
            var others = (MOST_FRAMES - frames.count(::isOfUser)).coerceAtLeast(0)
            return frames.filter { isOfUser(it) || others-- > 0 }.take(MOST_USER_FRAMES)
        }

        private fun isOfUser(frame: StackTraceElement): Boolean =
            !Frames.isOurs(frame) && !Frames.isOfPlatform(frame)

        /** Returns whether [frame] calls the body, or the next part of a suspended body. */
        private fun isBelow(frame: StackTraceElement): Boolean =
            frame.className == BODY && frame.methodName == "runOn" || frame.className == RESUMING

        /**
         * Returns whether [frame] belongs to the engine, or to the class of a lambda. The method
         * with the lambda's code is in the stack too.
         */
        private fun isNoise(frame: StackTraceElement): Boolean =
            frame.className.startsWith(ENGINE) || "\$\$Lambda" in frame.className
    }
}
