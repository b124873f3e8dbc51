package io.github.coro4j.interop.chaos;

import io.github.coro4j.Future;
import io.github.coro4j.Task;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;

/** Operations that derive a future. Each books the new future, its function, and that its source ends first. */
final class Deriving {
    static final List<Operation> OPERATIONS =
            List.of(
                    new Operation("map", 5, 1, Deriving::map),
                    new Operation("flatMap", 4, 1, Deriving::flatMap),
                    new Operation("recover", 4, 1, Deriving::recover),
                    new Operation("orTimeout", 4, 0, Deriving::orTimeout),
                    new Operation("completeOnTimeout", 2, 0, Deriving::completeOnTimeout),
                    new Operation("shield", 3, 0, Deriving::shield),
                    new Operation("named", 2, 0, Deriving::named),
                    new Operation("there and back", 3, 0, Deriving::thereAndBack),
                    new Operation("from a stage", 2, 0, Deriving::fromStage),
                    new Operation("sleep", 3, 0, Deriving::sleep));

    private Deriving() {}

    /** The function of a derived future. It may begin before that future has been booked. */
    private static final class Function {
        final AtomicReference<Account> account = new AtomicReference<>();
        private final Latch booked;
        private final Actor actor;
        private final Plan.Step step;

        Function(Actor actor, Plan.Step step) {
            this.actor = actor;
            this.step = step;
            booked = new Latch(actor.ledger, "the account of " + actor.label(step));
        }

        /** Books the argument as read. A list may have failures in it. */
        Object run(Object given) throws Exception {
            actor.ledger.handedOver(given);
            booked.awaitUninterruptibly();
            Account mine = account.get();
            return actor.run(step, step.programs().get(0), mine.scope, mine);
        }

        void booked(Account mine) {
            account.set(mine);
            booked.open();
        }
    }

    private static void map(Actor actor, Plan.Step step) {
        Account source = actor.target(step);
        if (source != null) {
            Function function = new Function(actor, step);
            function.booked(owning(actor, step, source, source.future.map(function::run)));
        }
    }

    /** Flat-maps to an existing future, or to a future that the function creates. */
    private static void flatMap(Actor actor, Plan.Step step) {
        Account source = actor.target(step);
        if (source == null) {
            return;
        }
        Function function = new Function(actor, step);
        Future<Object> future =
                source.future.flatMap(
                        value -> {
                            Object result = function.run(value);
                            Account other = actor.target(step.other(2));
                            if (other == null || step.chance(0, 30)) {
                                return Future.completed(result);
                            }
                            function.account.get().follows(other);
                            return other.future;
                        });
        function.booked(owning(actor, step, source, future));
    }

    /** Recovers from a failure. The function has read it. */
    private static void recover(Actor actor, Plan.Step step) {
        Account source = actor.target(step);
        if (source == null) {
            return;
        }
        Function function = new Function(actor, step);
        Future<Object> future =
                source.future.recover(
                        failure -> {
                            actor.ledger.handedOver(failure);
                            return function.run(failure);
                        });
        function.booked(owning(actor, step, source, future));
    }

    private static void orTimeout(Actor actor, Plan.Step step) {
        Account source = actor.target(step);
        if (source != null) {
            limited(actor, step, source, source.future.orTimeout(time(step)));
        }
    }

    private static void completeOnTimeout(Actor actor, Plan.Step step) {
        Account source = actor.target(step);
        if (source != null) {
            Object instead = "in place of #" + step.target();
            limited(actor, step, source, source.future.completeOnTimeout(instead, time(step)));
        }
    }

    /** Returns a timeout, which often does not pass within the round. */
    private static Duration time(Plan.Step step) {
        return step.chance(0, 50) ? Duration.ofHours(1) : Duration.ofMillis(1 + step.pick(1, 5));
    }

    /** Books a future with a time limit. It ends before its source if the time passes (R32). */
    private static void limited(Actor actor, Plan.Step step, Account source, Future<?> future) {
        if (time(step).toHours() > 0) {
            owning(actor, step, source, future);
        } else {
            actor.made(step, future, source.scope, Account.Kind.BY_HAND).follows(source);
        }
    }

    private static Account owning(Actor actor, Plan.Step step, Account source, Future<?> future) {
        Account account = actor.made(step, future, source.scope, Account.Kind.BY_HAND);
        account.endsAfter(List.of(source));
        return account;
    }

    /** Shields a future. The shield of a done future is that future. */
    private static void shield(Actor actor, Plan.Step step) {
        Account source = actor.target(step);
        if (source != null) {
            source.starts.shielded();
            actor.made(step, source.future.shield(), source.scope, Account.Kind.BY_HAND);
        }
    }

    /** Names a task, because {@code named} of any other future returns that future. */
    private static void named(Actor actor, Plan.Step step) {
        Account source = actor.target(step, each -> each.future instanceof Task);
        if (source != null) {
            owning(actor, step, source, source.future.named("named by #" + step.id()));
        }
    }

    /** Converts a future to a {@code CompletableFuture} and back, and perhaps cancels that view. */
    private static void thereAndBack(Actor actor, Plan.Step step) {
        Account source = actor.target(step);
        if (source == null) {
            return;
        }
        // The engine does not see that a wait for the new future is a wait for the source (ADR 3).
        actor.round.unseenWaits();
        actor.round.owed.incrementAndGet();
        CompletableFuture<Object> view = source.future.toCompletableFuture();
        actor.made(step, Future.from(view), actor.current, Account.Kind.BY_HAND);
        // This does not use whenComplete, which wraps the failure and so calls its toString().
        view.handle((value, failure) -> handedOver(actor, value, failure));
        if (step.chance(0, 20)) {
            view.cancel(step.chance(1, 50));
        }
    }

    static Void handedOver(Actor actor, Object value, Throwable failure) {
        actor.ledger.handedOver(value);
        if (failure != null) {
            actor.ledger.handedOver(failure);
        }
        // The new future removes one wrapper, and is cancelled with this reason.
        Throwable original = failure instanceof CompletionException ? failure.getCause() : failure;
        String message = original == null ? null : Broken.messageOf(original);
        if (original instanceof CancellationException && message != null) {
            actor.ledger.reason(message);
        }
        actor.round.owed.decrementAndGet();
        return null;
    }

    /** Follows a stage. The round ends the stage, unless a step ends it first. */
    private static void fromStage(Actor actor, Plan.Step step) {
        CompletableFuture<Object> stage = new CompletableFuture<>();
        actor.made(step, Future.from(stage), actor.current, Account.Kind.BY_HAND);
        Runnable end =
                () -> {
                    if (step.chance(0, 50)) {
                        stage.complete("value of the stage of #" + step.id());
                    } else {
                        stage.completeExceptionally(
                                new ChaosFailure("stage failed by #" + step.id()));
                    }
                };
        if (step.chance(1, 50)) {
            actor.round.aside(end);
        }
        actor.round.whenEnding(end);
    }

    private static void sleep(Actor actor, Plan.Step step) {
        Duration time =
                step.chance(0, 10) ? Duration.ofHours(1) : Duration.ofMillis(step.pick(1, 4));
        Account account = actor.made(step, Task.sleep(time), actor.current, Account.Kind.BODY);
        String reason =
                actor.ledger.reason("the round does not wait for the sleep of #" + step.id());
        actor.round.whenEnding(() -> account.future.cancel(reason));
    }
}
