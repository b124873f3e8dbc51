package io.github.coro4j.interop.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.interop.testing.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Controls that must fail. Each test plants one fault in the books of a future, and checks that the audit finds it. */
class LedgerTest extends PlantedFault {
    @Test
    void booksThatBalance_haveNoFault() {
        Account account = account(Future.failed(failure));
        account.body.threw(failure);
        CallbackBook callback = callback(account);
        callback.accept(account.future);
        account.read();
        book.closing();
        book.closed();
        assertEquals(List.of(), audit());
    }

    // ---- ends

    @Test
    @Rule(1)
    void aFutureThatNeverEnds() {
        Promise<Object> promise = Promise.create();
        account(promise);
        assertWrong("has never ended");
        promise.complete(null);
    }

    @Test
    @Rule(1)
    void anotherEndForAnotherReader() {
        Account account = account(Future.completed("one"));
        account.read();
        account.saw(new Outcome.Success<>("other"));
        assertWrong("ended twice");
    }

    @Test
    @Rule(4)
    void anotherReasonForAnotherReader() {
        String reason = ledger.reason("first");
        Account account = account(Future.cancelled(reason));
        account.read();
        account.saw(new Outcome.Cancelled<>(new TaskCancelledException("future", "second")));
        assertWrong("ended twice");
    }

    @Test
    @Rule(4)
    void anUnknownReason() {
        account(Future.cancelled("unknown"));
        assertWrong("an unknown reason");
    }

    @Test
    @Rule(4)
    void aCancelThatReturnedTrueWithoutEffect() {
        account(Future.completed("value")).requests.cancelled(true);
        assertWrong("has a value");
    }

    @Test
    @Rule(15)
    void anotherExceptionForAReaderThatThrows() {
        account(Future.failed(failure)).sawThrown(new RuntimeException(new ChaosFailure("other")));
        assertWrong("at a reader");
    }

    @Test
    void aPromiseThatTwoCallsEnded() {
        Account account = account(Future.completed("one"));
        account.requests.promise();
        account.requests.endedBy(new Outcome.Success<>("one"));
        account.requests.endedBy(new Outcome.Success<>("one"));
        assertWrong("was ended by");
    }

    // ---- bodies

    @Test
    @Rule(2)
    void aFutureThatIsDoneBeforeItsBody() {
        Promise<Object> promise = Promise.create();
        Account account = account(promise);
        account.body.entered();
        promise.complete("value");
        account.seenDone();
        account.body.left();
        assertTrue(ledger.wrongs().get(0).contains("its body has not ended"));
    }

    @Test
    @Rule(6)
    void aBodyThatBeginsAfterTheEnd() {
        Account account = account(Future.completed("value"));
        account.body.entered();
        assertTrue(ledger.wrongs().get(0).contains("was done when its body began"));
    }

    @Test
    void aBodyThatBeginsTwice() {
        Promise<Object> promise = Promise.create();
        Account account = account(promise);
        account.body.entered();
        account.body.entered();
        assertTrue(ledger.wrongs().get(0).contains("began twice"));
        promise.complete("value");
    }

    @Test
    @Rule(22)
    void onePermitTooMany() {
        PermitBook permits = new PermitBook(ledger, "the group", 2);
        permits.taken();
        permits.taken();
        permits.givenBack();
        permits.taken();
        assertEquals(List.of(), ledger.wrongs());
        permits.taken();
        permits.givenBack();
        permits.givenBack();
        permits.givenBack();
        assertWrong("permits for 2");
    }

    @Test
    @Rule(22)
    void aPermitThatIsNotReturned() {
        new PermitBook(ledger, "the group", 2).taken();
        assertWrong("not back");
    }

    @Test
    @Rule(5)
    void aCancelHookThatRunsTwice() {
        Account account = account(Future.cancelled(ledger.reason("stop")));
        HookBook hook = new HookBook(ledger, account, "hook");
        ledger.hooks.add(hook);
        hook.began();
        hook.began();
        hook.balance();
        assertTrue(ledger.wrongs().get(2).contains("ran 2 times"), ledger.wrongs()::toString);
    }

    @Test
    @Rule(5)
    void aCancelHookThatDoesNotRun() {
        Account account = account(Future.cancelled(ledger.reason("stop")));
        ledger.hooks.add(new HookBook(ledger, account, "hook"));
        assertWrong("ran 0 times");
    }

    @Test
    @Rule(23)
    void aScopeThatIsClosedAroundATask() {
        Promise<Object> promise = Promise.create();
        account(promise);
        book.closing();
        book.closed();
        assertTrue(ledger.wrongs().get(0).contains("runs on"));
        promise.complete("value");
    }

    // ---- failures

    private void failed() {
        Account account = account(Future.failed(failure));
        account.body.threw(failure);
    }

    @Test
    @Rule(16)
    void aFailureThatIsLost() {
        failed();
        book.closing();
        book.closed();
        assertWrong("neither read nor reported");
    }

    @Test
    @Rule(16)
    void aFailureThatIsReportedTwice() {
        failed();
        book.closing();
        report();
        report();
        assertWrong("reported 2 times");
    }

    @Test
    @Rule(16)
    void aFailureThatWasReadAndReported() {
        failed();
        ledger.accounts.get(0).read();
        book.closing();
        report();
        assertWrong("reported 1 times");
    }

    @Test
    @Rule(17)
    void failureSuppressedInAReportedFailure_isNotLost() {
        failed();
        ChaosFailure surfaced = new ChaosFailure("surfaced");
        surfaced.addSuppressed(failure);
        ledger.handedOver(surfaced);
        book.closing();
        book.closed();
        assertEquals(List.of(), audit());
    }

    @Test
    @Rule(17)
    void failureInAListThatWasRead_isNotLost() {
        failed();
        ledger.handedOver(List.of(List.of(new Outcome.Failure<>(failure))));
        book.closing();
        book.closed();
        assertEquals(List.of(), audit());
    }
}
