package io.github.coro4j.interop.chaos;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Operations that read a future or wait for it. Each books the end that it saw, which must be the same for all readers. */
final class Readings {
    static final List<Operation> OPERATIONS =
            List.of(
                    new Operation("look", 4, 0, Readings::look),
                    new Operation("read if done", 4, 0, Readings::readIfDone),
                    new Operation("join", 8, 0, Readings::join),
                    new Operation("join outcome", 4, 0, Readings::joinOutcome),
                    new Operation("join a little", 3, 0, Readings::joinWithLimit),
                    new Operation("get", 4, 0, Readings::get),
                    new Operation("get a little", 3, 0, Readings::getWithLimit));

    private Readings() {}

    /** Looks at a future without reading a failure. */
    private static void look(Actor actor, Plan.Step step) {
        Account account = actor.target(step);
        if (account != null) {
            account.future.toString();
            account.seenDone();
        }
    }

    private static void readIfDone(Actor actor, Plan.Step step) {
        Account account = actor.target(step);
        if (account != null && account.seenDone()) {
            readEveryWay(account);
        }
    }

    /** Reads a done future by every method that does not wait for it. */
    static void readEveryWay(Account account) {
        account.saw(account.future.outcome());
        account.saw(account.future.joinOutcome());
        Throwable exception = account.future.exception();
        if (exception != account.read().exceptionOrNull()) {
            account.sawThrown(exception);
        }
        thrownBy(account, account.future::result);
        thrownBy(account, account.future::join);
        thrownBy(account, () -> account.future.join(Duration.ZERO));
        thrownBy(account, account.future::get);
        thrownBy(account, () -> account.future.get(0, TimeUnit.SECONDS));
    }

    @FunctionalInterface
    private interface Reader {
        Object read() throws Exception;
    }

    private static void thrownBy(Account account, Reader reader) {
        try {
            account.sawValue(reader.read());
        } catch (Exception e) {
            account.sawThrown(e);
        }
    }

    private static void join(Actor actor, Plan.Step step) throws Exception {
        Account account = actor.target(step);
        if (account != null) {
            waitFor(account, account.future::join);
        }
    }

    private static void joinOutcome(Actor actor, Plan.Step step) {
        Account account = actor.target(step);
        if (account != null) {
            account.saw(account.future.joinOutcome());
            account.seenDone();
        }
    }

    private static void joinWithLimit(Actor actor, Plan.Step step) throws Exception {
        Account account = actor.target(step);
        if (account != null) {
            Duration limit = Duration.ofMillis(step.pick(0, 4));
            waitFor(account, () -> account.future.join(limit));
        }
    }

    private static void get(Actor actor, Plan.Step step) throws Exception {
        Account account = actor.target(step);
        if (account != null) {
            waitFor(account, account.future::get);
        }
    }

    private static void getWithLimit(Actor actor, Plan.Step step) throws Exception {
        Account account = actor.target(step);
        if (account != null) {
            waitFor(account, () -> account.future.get(step.pick(0, 3000), TimeUnit.MICROSECONDS));
        }
    }

    /** Waits, and checks that an exception is the future's end, or the end of the wait itself. */
    private static void waitFor(Account account, Reader wait) throws Exception {
        try {
            account.sawValue(wait.read());
        } catch (CompletionException | ExecutionException e) {
            account.sawThrown(e);
            throw e;
        } catch (io.github.coro4j.WaitInterruptedException e) {
            throw e;
        } catch (CancellationException e) {
            account.sawThrown(e);
            throw e;
        }
    }
}
