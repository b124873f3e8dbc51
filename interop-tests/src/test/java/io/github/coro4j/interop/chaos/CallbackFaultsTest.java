package io.github.coro4j.interop.chaos;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.interop.testing.Rule;
import org.junit.jupiter.api.Test;

/** Each test plants one fault in the books of a callback, and checks that the audit finds it. */
class CallbackFaultsTest extends PlantedFault {
    @Test
    @Rule(10)
    void aCallbackThatRunsTwice() {
        Account account = account(Future.completed("value"));
        CallbackBook callback = callback(account);
        callback.accept(account.future);
        callback.accept(account.future);
        assertTrue(audit().stream().anyMatch(each -> each.contains("ran once too often")));
    }

    @Test
    @Rule(10)
    void aCallbackThatIsLost() {
        callback(account(Future.completed("value")));
        assertWrong("ran 0 times");
    }

    @Test
    @Rule(10)
    void aCallbackWithAnotherFuture() {
        callback(account(Future.completed("value"))).accept(Future.completed("value"));
        assertWrong("was given another future");
    }

    @Test
    @Rule(12)
    void callbacksOutOfOrder() {
        Account account = account(Future.completed("value"));
        CallbackBook first = callback(account);
        CallbackBook second = callback(account);
        second.accept(account.future);
        first.accept(account.future);
        assertWrong("added later");
    }

    @Test
    @Rule(14)
    void aCallbackThatRunsAfterItWasRemoved() {
        Account account = account(Future.completed("value"));
        CallbackBook callback = callback(account);
        callback.removed(1);
        callback.accept(account.future);
        assertTrue(audit().stream().anyMatch(each -> each.contains("ran once too often")));
    }

    @Test
    @Rule(13)
    void aFailureOfACallbackThatIsNotReported() {
        ledger.thrownByCallbacks.add(failure);
        assertWrong("reported 0 times");
    }
}
