package io.github.coro4j.internal.scope

import io.github.coro4j.internal.engine.KotlinEngine
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.PromiseJob
import io.github.coro4j.spi.ScopeSettings
import java.util.Collections
import java.util.Random
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.concurrent.thread
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The list of a scope's jobs, with more threads than it has stripes and more jobs than chunks. */
class JobListTest {
    private val scope = ScopeImpl(KotlinEngine(), ScopeSettings("live"), null)
    private val jobs = JobList()

    @AfterEach fun close() = scope.close()

    private fun job() = PromiseJob<Int>(scope)

    private fun added() = job().also { assertTrue(jobs.add(it, isShared = false)) }

    /** Number of chunks in the stripe of this thread. */
    private fun chunks(): Int {
        val job = added()
        val length = generateSequence(job.spot as JobList.Chunk) { it.older }.count()
        jobs.remove(job)
        return length
    }

    @Test
    fun jobsAreListedInTheOrderInWhichOneThreadHasAddedThem() {
        val all = List(100) { added() }
        val left = all.filterIndexed { index, job ->
            (index % 3 == 0).also { if (!it) jobs.remove(job) }
        }
        assertEquals(left, jobs.listed())
        assertEquals(left, jobs.snapshot())
        assertEquals(-1, jobs.addedIfEmpty())
        left.forEach(jobs::remove)
        assertEquals(100, jobs.addedIfEmpty())
        assertTrue(jobs.listed().isEmpty())
    }

    @Test
    fun aClosedScopeRefusesAndTheListStaysEmpty() {
        scope.close()
        val job = job()
        assertFalse(jobs.add(job, isShared = false))
        assertNull(job.spot)
        assertTrue(jobs.isEmpty())
        assertTrue(jobs.snapshot().isEmpty())
        jobs.remove(job) // as a job that was refused does at its end
        assertTrue(jobs.isEmpty())
    }

    @Test
    fun aRemovedJobHoldsNoChunkAndIsRemovedOnce() {
        val job = added()
        jobs.removeOnce(job)
        jobs.removeOnce(job)
        jobs.remove(job)
        assertNull(job.spot)
        assertEquals(1, jobs.addedIfEmpty())
    }

    @Test
    fun chunksWithoutAJobAreUnlinkedWhateverTheOrderOfTheEnds() {
        for (order in listOf("forwards", "backwards", "random")) {
            val all = List(100_000) { added() }
            assertTrue(chunks() > 6_000)
            val ends =
                when (order) {
                    "forwards" -> all
                    "backwards" -> all.asReversed()
                    else -> all.shuffled(Random(1))
                }
            ends.forEach(jobs::remove)
            assertTrue(jobs.isEmpty(), order)
            assertTrue(chunks() <= 64, "$order: ${chunks()} chunks of an empty list")
        }
    }

    @Test
    fun jobsThatLiveLongKeepTheirOwnChunksOnly() {
        val long = ArrayList<FutureJob<*>>()
        repeat(100_000) { index ->
            if (index % 1_000 == 0) long.add(added()) else jobs.remove(added())
        }
        assertEquals(long, jobs.listed())
        assertTrue(chunks() <= 2 * long.size + 32, "${chunks()} chunks")
    }

    @Test
    fun underRaceNoJobIsMissedAndTheListIsEmptyOnlyWithoutAny() {
        val threads = 20
        val rounds = 3_000
        val always = added()
        val ended = AtomicBoolean()
        val wrong = Collections.synchronizedList(ArrayList<String>())
        val barrier = CyclicBarrier(threads + 1)
        val workers =
            List(threads) { number ->
                thread {
                    val random = Random(number.toLong())
                    val mine = ArrayList<FutureJob<*>>()
                    barrier.await()
                    repeat(rounds) { round ->
                        mine.add(added())
                        if (random.nextInt(100) == 0 && !jobs.snapshot().containsAll(mine))
                            wrong.add("thread $number misses a job of its own in round $round")
                        while (mine.size > random.nextInt(60)) {
                            val job = mine.removeAt(random.nextInt(mine.size))
                            if (random.nextBoolean()) jobs.remove(job) else jobs.removeOnce(job)
                        }
                    }
                    mine.forEach(jobs::remove)
                }
            }
        val looker = thread {
            barrier.await()
            while (!ended.get()) {
                if (jobs.isEmpty()) wrong.add("it looks empty")
                if (always !in jobs.listed()) wrong.add("a job that is always there is missed")
            }
        }
        workers.forEach { it.join() }
        ended.set(true)
        looker.join()
        assertEquals(emptyList<String>(), wrong.take(5))
        assertEquals(listOf(always), jobs.listed())
        jobs.remove(always)
        assertEquals(1L + threads * rounds, jobs.addedIfEmpty())
    }
}
