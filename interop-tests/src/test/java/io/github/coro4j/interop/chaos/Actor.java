package io.github.coro4j.interop.chaos;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.Future;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.WaitInterruptedException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Performs steps: a thread of the round, or a body. */
final class Actor {
    final Round round;
    final Ledger ledger;

    /** The innermost scope around the actor. Calls that name a scope use it. */
    final ScopeBook home;

    /** The scope of calls that name none. It is the global scope on a thread that runs no body. */
    final ScopeBook current;

    /** The ids of the steps around the actor. It must not wait for their futures. */
    private final Set<Integer> above;

    private final boolean isBody;

    private Actor(
            Round round, ScopeBook home, ScopeBook current, Set<Integer> above, boolean isBody) {
        this.round = round;
        ledger = round.ledger;
        this.home = home;
        this.current = current;
        this.above = above;
        this.isBody = isBody;
    }

    /** Creates an actor on a thread that runs no body. */
    static Actor outside(Round round) {
        return new Actor(round, round.root, round.global, Set.of(), false);
    }

    /** Creates the actor of a body of the given scope. */
    Actor inside(Plan.Step step, ScopeBook scope) {
        Set<Integer> ids = new HashSet<>(above);
        ids.add(step.id());
        return new Actor(round, scope, scope, ids, true);
    }

    /** Creates the same actor inside a scope that it has opened. */
    Actor at(ScopeBook scope) {
        return new Actor(round, scope, current, above, isBody);
    }

    void perform(List<Plan.Step> steps) throws Exception {
        for (Plan.Step step : steps) {
            round.trail(step);
            try {
                step.operation().work().perform(this, step);
            } catch (Exception e) {
                judge(step, e);
                took(step, e);
            }
        }
    }

    /** Ends the body with the expected exception of a step, or swallows the exception. */
    <X extends Throwable> void took(Plan.Step step, X exception) throws X {
        if (isBody && (endsBody(exception) ? !step.chance(101, 15) : step.chance(102, 20))) {
            passedOn(exception);
            throw exception;
        }
        ledger.handedOver(exception);
        handedOverCause(exception);
        if (!isBody) {
            round.swallowed(Thread.interrupted());
        }
    }

    /** Books the cause and the suppressed exceptions as read. The exception itself is not read if the body fails with it. */
    private void passedOn(Throwable exception) {
        handedOverCause(exception);
        for (Throwable each : exception.getSuppressed()) {
            ledger.handedOver(each);
        }
    }

    private void handedOverCause(Throwable exception) {
        Throwable cause = Broken.causeOf(exception);
        if (cause != null) {
            ledger.handedOver(cause);
        }
    }

    private static boolean endsBody(Throwable exception) {
        return exception instanceof InterruptedException
                || exception instanceof CancellationException;
    }

    /** Books an exception as wrong unless waits, closes and starts may throw it. */
    void judge(Plan.Step step, Exception exception) {
        boolean isExpected =
                exception instanceof CompletionException
                        || exception instanceof ExecutionException
                        || exception instanceof CancellationException
                        || exception instanceof InterruptedException
                        || exception instanceof TimeoutException
                        || exception instanceof DeadlockException
                        || exception instanceof IllegalStateException && says(exception);
        if (!isExpected) {
            ledger.wrong("step #" + step.id() + " threw " + RoundReport.text(exception));
        }
        if (exception instanceof WaitInterruptedException
                && !Thread.currentThread().isInterrupted()) {
            ledger.wrong("step #" + step.id() + " was interrupted, and its flag is lost (R9)");
        }
    }

    private static boolean says(Exception exception) {
        String message = String.valueOf(exception.getMessage());
        return message.contains("is closed and cannot")
                || message.contains("inside itself")
                || message.contains("cannot be opened");
    }

    // ---- other futures and scopes

    /** Returns a future of an earlier step that does not wait for this step, or null if there is none. */
    Account target(Plan.Step step) {
        return target(step, account -> true);
    }

    Account target(Plan.Step step, Predicate<Account> test) {
        for (int id = step.target(); id >= 0; id--) {
            Account account = above.contains(id) ? null : round.made(id);
            if (account != null && test.test(account)) {
                return account;
            }
        }
        return null;
    }

    /** Returns the scope around the actor, or the next scope around that. */
    ScopeBook homeOrAround(Plan.Step step) {
        boolean further = home.around != null && step.chance(103, 20);
        return further ? home.around : home;
    }

    // ---- bodies

    /** Returns a body that runs a program as the current task. */
    Callable<Object> body(Plan.Step step, int program, ScopeBook scope, String label) {
        return body(step, program, scope, label, account -> {});
    }

    /** Does the same. The body passes its account to {@code enters} when it begins. */
    Callable<Object> body(
            Plan.Step step, int program, ScopeBook scope, String label, Consumer<Account> enters) {
        return () -> {
            Task<?> task = Task.current();
            Account account = ledger.account(task, label, scope, Account.Kind.BODY);
            enters.accept(account);
            if (task.scope() != scope.scope) {
                ledger.wrong(label + " runs in " + task.scope() + ", not in " + scope);
            }
            return run(step, step.programs().get(program), scope, account);
        };
    }

    /** Runs a program as the body of the account's future. */
    Object run(Plan.Step step, Plan.Program program, ScopeBook scope, Account account)
            throws Exception {
        if (Thread.currentThread().isInterrupted() && !account.future.isCancelling()) {
            round.sawForeignFlag(account);
        }
        account.body.entered();
        round.inside.incrementAndGet();
        try {
            inside(step, scope).perform(program.steps());
            return program.end().end(round, account.label);
        } catch (Throwable e) {
            account.body.threw(e);
            throw e;
        } finally {
            round.inside.decrementAndGet();
            account.body.left();
        }
    }

    /** Books a future that this step has created. */
    Account made(Plan.Step step, Future<?> future, ScopeBook scope, Account.Kind kind) {
        Account account = ledger.account(future, label(step), scope, kind);
        round.made(step.id(), account);
        return account;
    }

    String label(Plan.Step step) {
        return step.operation().name() + " #" + step.id();
    }

    TaskScope.Builder builder(Plan.Step step) {
        return TaskScope.builder().name("s" + step.id()).failureListener(ledger.listener());
    }
}
