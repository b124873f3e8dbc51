package io.github.coro4j.interop.chaos;

import io.github.coro4j.Registration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Operations with callbacks. Adding a callback books that it must run or be removed. Removing it books the answer. */
final class Callbacks {
    static final List<Operation> OPERATIONS =
            List.of(
                    new Operation("add a callback", 8, 0, Callbacks::add),
                    new Operation("add a callback elsewhere", 3, 0, Callbacks::addElsewhere),
                    new Operation("add a callback twice", 2, 0, Callbacks::addTwice),
                    new Operation("add callbacks for an end", 3, 0, Callbacks::addForAnEnd),
                    new Operation("remove a callback", 3, 0, Callbacks::remove),
                    new Operation("remove all of a callback", 2, 0, Callbacks::removeAll));

    private Callbacks() {}

    private static void add(Actor actor, Plan.Step step) {
        Account account = actor.target(step);
        if (account != null) {
            add(actor, account, work(actor, step, account), null, 1);
        }
    }

    /** Adds a callback on an executor of its own, perhaps an unruly one. The engine reports an executor that refuses. */
    private static void addElsewhere(Actor actor, Plan.Step step) {
        Account account = actor.target(step, each -> !each.scope.isGlobal);
        if (account != null) {
            ExecutorKind kind = ExecutorKind.forCallbacks(step.pick(1, 100));
            Executor executor = actor.round.callbackExecutor(kind, step);
            add(actor, account, work(actor, step, account), executor, 1 + step.pick(2, 3));
        }
    }

    private static void addTwice(Actor actor, Plan.Step step) {
        Account account = actor.target(step);
        if (account != null) {
            add(actor, account, work(actor, step, account), null, 2);
        }
    }

    private static void addForAnEnd(Actor actor, Plan.Step step) {
        Account account = actor.target(step);
        if (account != null) {
            account.future
                    .onSuccess(account::sawValue)
                    .onFailure(
                            failure -> {
                                if (account.read().exceptionOrNull() != failure) {
                                    actor.ledger.wrong(account + " gave an action " + failure);
                                }
                            });
        }
    }

    private static CallbackBook add(
            Actor actor, Account account, Consumer<Account> work, Executor executor, int times) {
        CallbackBook.Lane lane = account.lane(executor);
        CallbackBook book = new CallbackBook(actor.ledger, account, lane, executor == null, work);
        for (int i = 0; i < times; i++) {
            book.adding(1);
            Registration added =
                    executor == null
                            ? account.future.addDoneCallback(book)
                            : account.future.addDoneCallback(book, executor);
            book.registrations.add(added);
        }
        book.hasBeenAdded();
        return book;
    }

    /**
     * Returns a callback that reads, throws, adds another callback, or does nothing. For the global scope it does not throw,
     * because the round does not get the reports of that scope.
     */
    private static Consumer<Account> work(Actor actor, Plan.Step step, Account of) {
        int way = step.pick(20, 10);
        if (way < 3) {
            return Account::read;
        }
        if (way < 5 && !of.scope.isGlobal) {
            return account -> {
                String what = "thrown by a callback, #" + step.id();
                RuntimeException failure =
                        Switches.BROKEN_EXCEPTIONS && step.chance(21, 25)
                                ? Broken.failure(step.pick(22, 4), what)
                                : new ChaosFailure(what);
                actor.ledger.thrownByCallbacks.add(failure);
                throw failure;
            };
        }
        if (way == 6 && Switches.VIEWS_IN_CALLBACKS) {
            actor.round.owed.incrementAndGet();
            CompletableFuture<Object> view = of.future.toCompletableFuture();
            view.handle((value, failure) -> Deriving.handedOver(actor, value, failure));
            return account -> readView(actor, account, view);
        }
        if (way < 6) {
            return account -> add(actor, account, Account::seenDone, null, 1);
        }
        return account -> {};
    }

    /** Waits for the view. The future is done, so the view is too, even if this is the only thread of the callback executor. */
    private static void readView(Actor actor, Account account, CompletableFuture<Object> view) {
        try {
            view.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException | CancellationException e) {
            account.read();
        } catch (TimeoutException e) {
            actor.ledger.wrong("a callback waited too long for a view of " + account);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void remove(Actor actor, Plan.Step step) {
        CallbackBook book = book(actor, step);
        if (book != null) {
            book.removing();
            for (Registration each : book.registrations) {
                if (each.remove()) {
                    book.removed(1);
                }
            }
        }
    }

    private static void removeAll(Actor actor, Plan.Step step) {
        CallbackBook book = book(actor, step);
        if (book != null) {
            book.removing();
            book.removed(book.account.future.removeDoneCallback(book));
        }
    }

    private static CallbackBook book(Actor actor, Plan.Step step) {
        List<CallbackBook> all = actor.ledger.callbacks;
        return all.isEmpty() ? null : all.get(step.pick(0, all.size()));
    }
}
