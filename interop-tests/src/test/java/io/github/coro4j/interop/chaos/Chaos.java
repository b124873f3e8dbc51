package io.github.coro4j.interop.chaos;

import io.github.coro4j.TaskScope;
import java.io.PrintStream;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs random programs against the whole public API, and checks books that must balance after each program.
 *
 * <p>A <em>round</em> has a seed. A {@link Plan} is a pure function of the seed. It is a tree of {@link Plan.Step}s, each an
 * {@link Operation} with a few numbers. The tasks, groups and functions that a step starts have programs of their own, and a
 * {@link BodyEnd}. {@link Actor}s perform the steps: one to three plain threads, and the bodies. The machine decides how the
 * threads interleave. So a failing seed may have to run many times before it fails again.
 *
 * <p>The actors write books: an {@link Account} for each future, a {@link ScopeBook} for each scope, a {@link CallbackBook} for
 * each callback, a {@link PermitBook} for each group. The books find some faults at once: a future that is done while its
 * body runs (R2), two readers that see different ends or reasons (R1, R4, R15), a callback that runs before its future is
 * done, twice, after it was removed, or out of order (R10, R12, R14), a body that begins twice or with the interrupt flag of
 * another body (R5, R6), one permit too many (R22), a scope that is closed around a running task (R23). At the end the
 * {@link Round} ends all remaining futures and closes all scopes, and the {@link Audit} checks the rest. Every future is
 * done, and every callback has run or was removed. Every failure was read, reported, or attached to such a failure, and no
 * failure was reported after a read (R16, R17). No body runs, and no thread is alive.
 *
 * <p>The programs avoid the waits that the engine does not see (ADR 3): callbacks do not wait, and do not share an executor with
 * bodies. Executors may block each other. If a round with several of them stops making progress, it cancels its scopes,
 * which must free all threads.
 *
 * <p>A new operation is a method in the class of its noun, with a line in the list there. See {@link Operation}.
 */
public final class Chaos {
    private static final int GUARD_SECONDS = 90;

    /** As many threads as the engine's pool has, unless more are blocked. */
    private static final int IDLE_THREADS = 128;

    /** About two years. A long can hold this time in nanoseconds, plus the clock. */
    private static final long MOST_MINUTES = 1_000_000;

    private final PrintStream out;
    private int rescued;

    /** A timer that the engine forgets to cancel keeps its future, and so the books of its round. */
    private final List<WeakReference<Ledger>> books = new ArrayList<>();

    Chaos(PrintStream out) {
        this.out = out;
    }

    /**
     * Runs rounds until one fails.
     *
     * @param args {@code --seed S}, the first seed, 1 by default; {@code --rounds N}, 1,000 by default; {@code --repeat R}, the
     * number of runs of each seed, 1 by default; {@code --minutes M}, the time after which to stop early
     */
    public static void main(String[] args) throws InterruptedException {
        Map<String, Long> options;
        try {
            options = options(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        long first = options.getOrDefault("--seed", 1L);
        long rounds = options.getOrDefault("--rounds", 1_000L);
        long repeat = options.getOrDefault("--repeat", 1L);
        long minutes = options.getOrDefault("--minutes", MOST_MINUTES);
        Chaos chaos = new Chaos(System.out);
        List<Long> failed = chaos.run(first, rounds, repeat, minutes);
        long remembered = failed.isEmpty() ? chaos.remembered() : 0;
        if (remembered > 0) {
            System.out.println(
                    "CHAOS: something, perhaps a timer, keeps " + remembered + " rounds");
        }
        System.exit(failed.isEmpty() && remembered == 0 ? 0 : 1);
    }

    /** Returns the options, or throws an exception whose message says what is wrong. */
    static Map<String, Long> options(String... args) {
        Map<String, Long> options = new HashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            if (!List.of("--seed", "--rounds", "--repeat", "--minutes").contains(args[i])
                    || i + 1 == args.length) {
                throw new IllegalArgumentException(
                        args[i]
                                + (i + 1 == args.length ? " is the last word" : " is no option")
                                + "; give [--seed S] [--rounds N] [--repeat R] [--minutes M]");
            }
            options.put(args[i], number(args[i], args[i + 1]));
        }
        long first = options.getOrDefault("--seed", 1L);
        long rounds = options.getOrDefault("--rounds", 1_000L);
        if (first > Long.MAX_VALUE - rounds) {
            throw new IllegalArgumentException(
                    "--seed "
                            + first
                            + " and --rounds "
                            + rounds
                            + " go beyond the largest seed, "
                            + Long.MAX_VALUE);
        }
        return options;
    }

    private static long number(String option, String text) {
        long number;
        try {
            number = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    option + " must be a number of 64 bits, but is \"" + text + "\"");
        }
        if (number < 1 && !option.equals("--seed")) {
            throw new IllegalArgumentException(option + " must be at least 1, but is " + number);
        }
        if (number > MOST_MINUTES && option.equals("--minutes")) {
            throw new IllegalArgumentException(
                    option + " must be at most " + MOST_MINUTES + ", but is " + number);
        }
        return number;
    }

    /** Returns the seeds that failed. A hang is the last of them. */
    List<Long> run(long first, long rounds, long repeat, long minutes) throws InterruptedException {
        long begun = System.nanoTime();
        long until = begun + TimeUnit.MINUTES.toNanos(minutes);
        List<Long> failed = new ArrayList<>();
        long done = 0;
        for (long seed = first; seed < first + rounds; seed++) {
            for (long i = 0; i < repeat && System.nanoTime() < until; i++) {
                Boolean balanced = round(seed);
                done++;
                if (balanced == null) {
                    failed.add(seed);
                    return failed; // the hanging threads would disturb the next round
                }
                if (!balanced) {
                    failed.add(seed);
                    break;
                }
            }
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        out.printf(
                "%d rounds in %.1f s (%.1f a second), %d rescued, failed: %s%n",
                done, seconds, done / seconds, rescued, failed);
        return failed;
    }

    /** Returns the number of rounds that are still reachable after some collections. */
    long remembered() throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(GUARD_SECONDS);
        while (true) {
            useIdleThreads();
            System.gc();
            long kept = books.stream().filter(each -> each.get() != null).count();
            if (kept == 0 || System.nanoTime() > until) {
                return kept;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /**
     * Gives the idle threads of the pool other work. The frames of an idle thread may keep an object of its last work: the
     * JVM knows such an object as no local variable any more, but does not collect it before the thread works again.
     */
    private static void useIdleThreads() {
        CountDownLatch together = new CountDownLatch(IDLE_THREADS);
        try (TaskScope scope = TaskScope.open("use of idle threads")) {
            for (int i = 0; i < IDLE_THREADS; i++) {
                scope.launch(
                        () -> {
                            together.countDown();
                            together.await();
                        });
            }
            scope.join();
        }
    }

    /** Returns whether the books balance, or null if the round hangs. */
    private Boolean round(long seed) throws InterruptedException {
        Round round = new Round(new Plan(seed));
        books.add(new WeakReference<>(round.ledger));
        AtomicReference<List<String>> result = new AtomicReference<>();
        Thread thread = new Thread(() -> result.set(wrongs(round)), "chaos-round");
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler(
                (where, exception) -> uncaught(round.ledger, where, exception));
        try {
            thread.start();
            thread.join(TimeUnit.SECONDS.toMillis(GUARD_SECONDS));
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        if (round.wasRescued()) {
            rescued++;
        }
        if (result.get() == null) {
            round.ledger.stuck("the round");
        }
        if (round.ledger.stuck() != null) {
            report(seed, "hangs", round);
            return null;
        }
        if (!result.get().isEmpty() || !round.ledger.wrongs().isEmpty()) {
            report(seed, "does not balance", round);
            return false;
        }
        return true;
    }

    /** An exception of the round may come here. An exception of the engine must not. */
    private static void uncaught(Ledger ledger, Thread where, Throwable exception) {
        if (!(exception instanceof Marked)) {
            ledger.wrong("thread " + where.getName() + " died of " + RoundReport.text(exception));
        }
    }

    private static List<String> wrongs(Round round) {
        try {
            return round.run();
        } catch (Throwable e) {
            round.ledger.wrong("the round ended with " + RoundReport.text(e));
            return round.ledger.wrongs();
        }
    }

    private void report(long seed, String what, Round round) {
        out.println("CHAOS: the round with seed " + seed + " " + what + ".");
        out.println(RoundReport.of(round));
        out.println("To replay it: " + REPLAY + "\"--seed " + seed + " --rounds 1 --repeat 1000\"");
    }

    /** The command that runs this program with other arguments. */
    private static final String REPLAY = "./mvnw -q -Pchaos -Dchaos.args=";
}
