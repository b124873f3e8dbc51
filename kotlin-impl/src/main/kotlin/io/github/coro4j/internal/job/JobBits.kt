package io.github.coro4j.internal.job

/**
 * The layout of [FutureJob.bits]:
 * ```
 *  31         14  13  12  11    8   7   6   5   4   3   2     0
 * +-------------+---+---+-------+---+---+---+---+---+---------+
 * | start stamp | S | R | slot  | I | C | L | x | D |  phase  |
 * +-------------+---+---+-------+---+---+---+---+---+---------+
 * ```
 * - phase: its meaning depends on the kind of job; see [BodyPhase], [PromisePhase], [GroupPhase]
 *   and [TimeoutPhase].
 * - D: [DONE].
 * - x: [DISPATCHED] in a body, [SELECTED] in a promise.
 * - L: [LISTED].
 * - C, I: [CANCEL_PASSED_ON] and [INTERRUPT_PASSED_ON].
 * - slot: the place in its chunk of the scope's list.
 * - R, S: [TAKES_WORK] and [LEFT_WORK].
 * - start stamp: see [StartStamp].
 *
 * Every change but two is a compare-and-set of the whole word, so that none is lost. The exceptions
 * are [FutureJob.noteUnshared], before another thread can see the job, and the DONE bit of a
 * promise, which nothing else changes by then.
 */
internal object JobBits {
    const val PHASE_MASK = 0x7

    /** The state of kotlinx is final. */
    const val DONE = 0x8

    /** The body was handed to the executor and holds a permit of its group. */
    const val DISPATCHED = 0x10

    /** Kotlin code may select on the end of the promise, so the state is the value. */
    const val SELECTED = 0x10

    /** The job was added to the list of its scope, and must be removed from it. */
    const val LISTED = 0x20

    /** A cancel was passed on to what this job depends on, or to its body. */
    const val CANCEL_PASSED_ON = 0x40

    /** A cancel that interrupts was passed on. */
    const val INTERRUPT_PASSED_ON = 0x80

    const val SLOT_SHIFT = 8
    const val SLOT_BITS = 4

    /** A cancel came before the body has ended. It takes the [StartedWork] with it (R31). */
    const val TAKES_WORK = 0x1000

    /** The body has ended without a cancel, and has left its [StartedWork] to the scope. */
    const val LEFT_WORK = 0x2000

    const val STAMP_SHIFT = 14
    const val STAMP_BITS = 18
}

/**
 * The phases of a [BodyJob]:
 * ```
 * NEW -> QUEUED -> RUNNING --------------------> ENDED
 *   \       \       |  ^ \                      ^ ^
 *    \       \      |  |  INTERRUPTING -> INTERRUPTED
 *     \       \     v  |                        ^
 *      \       \   HELPING -> INTERRUPT_DUE ----+
 *       +-------+-> ENDED (the body never runs)
 * ```
 *
 * From NEW or QUEUED a cancel goes straight to ENDED, and the body never runs (R6). From RUNNING
 * there are two detours:
 * - INTERRUPTING -> INTERRUPTED, by the cancelling thread. The body's thread waits until the
 *   interrupt is delivered, then clears its flag. So the interrupt never reaches the next body on
 *   that thread (R5).
 * - HELPING -> RUNNING, by the body's own thread while it runs another body that it waits for. A
 *   cancel must not interrupt that other body. So it sets INTERRUPT_DUE, and the body's thread
 *   interrupts itself when it returns to this body.
 */
internal object BodyPhase {
    const val NEW = 0
    const val QUEUED = 1
    const val RUNNING = 2
    const val INTERRUPTING = 3
    const val INTERRUPTED = 4
    const val HELPING = 5
    const val INTERRUPT_DUE = 6
    const val ENDED = 7
}

/** The phases of a [PromiseJob]: PENDING, then DECIDED by the call that wins. */
internal object PromisePhase {
    const val PENDING = 0
    const val DECIDED = 1
}

/** The phases of a group: PENDING, then CONCLUDED by the thread that ends it. */
internal object GroupPhase {
    const val PENDING = 0
    const val CONCLUDED = 1
}

/** The phases of a future with a time limit: PENDING, then what came first. */
internal object TimeoutPhase {
    const val PENDING = 0

    /** The time has passed. */
    const val EXPIRED = 1

    /** The source has ended. */
    const val SOURCE_ENDED = 2
}
