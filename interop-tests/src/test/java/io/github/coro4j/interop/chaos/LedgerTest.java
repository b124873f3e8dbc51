package io.github.coro4j.interop.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Controls that must fail. Each test plants one fault in the books, and checks that the audit finds it. */
class LedgerTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Ledger ledger = new Ledger(1);
    private final ChaosFailure failure = new ChaosFailure("planted");
    private TaskScope scope;
    private ScopeBook book;

    @BeforeEach
    void open() {
        scope = leaks.open("scope");
        book = new ScopeBook(ledger, scope, null);
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private Account account(Future<?> future) {
        return ledger.account(future, "the future", book, Account.Kind.BODY);
    }

    private CallbackBook callback(Account account) {
        CallbackBook made = new CallbackBook(ledger, account, account.lane(null), true, done -> {});
        made.adding(1);
        return made;
    }

    /** Audits the books as a round does, and returns the faults. */
    private List<String> audit() {
        Audit audit = new Audit(ledger);
        ledger.accounts.stream().filter(Account::seenDone).forEach(Account::read);
        return audit.balance();
    }

    private void assertWrong(String what) {
        List<String> wrongs = audit();
        assertTrue(wrongs.size() == 1 && wrongs.get(0).contains(what), wrongs::toString);
    }

    @Test
    void booksThatBalance_haveNoFault() {
        Account account = account(Future.failed(failure));
        account.threw(failure);
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
        account(Future.completed("value")).cancelled(true);
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
        account.promise();
        account.endedBy(new Outcome.Success<>("one"));
        account.endedBy(new Outcome.Success<>("one"));
        assertWrong("was ended by");
    }

    // ---- bodies

    @Test
    @Rule(2)
    void aFutureThatIsDoneBeforeItsBody() {
        Promise<Object> promise = Promise.create();
        Account account = account(promise);
        account.entered();
        promise.complete("value");
        account.seenDone();
        account.left();
        assertTrue(ledger.wrongs().get(0).contains("its body has not ended"));
    }

    @Test
    @Rule(6)
    void aBodyThatBeginsAfterTheEnd() {
        Account account = account(Future.completed("value"));
        account.entered();
        assertTrue(ledger.wrongs().get(0).contains("was done when its body began"));
    }

    @Test
    void aBodyThatBeginsTwice() {
        Promise<Object> promise = Promise.create();
        Account account = account(promise);
        account.entered();
        account.entered();
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
    @Rule(23)
    void aScopeThatIsClosedAroundATask() {
        Promise<Object> promise = Promise.create();
        account(promise);
        book.closing();
        book.closed();
        assertTrue(ledger.wrongs().get(0).contains("runs on"));
        promise.complete("value");
    }

    // ---- coroutines

    private CoroutineBook coroutine(boolean isOver) {
        CoroutineBook made = new CoroutineBook(ledger, "the step", book);
        made.launched(() -> isOver);
        return made;
    }

    @Test
    void coroutineThatNeverBegan_isNoFault() {
        coroutine(true);
        book.closing();
        book.closed();
        assertEquals(List.of(), audit());
    }

    @Test
    void aCoroutineThatBeginsTwice() {
        CoroutineBook coroutine = coroutine(true);
        coroutine.entered();
        coroutine.left();
        coroutine.entered();
        coroutine.left();
        assertWrong("began twice");
    }

    @Test
    void aCoroutineWhoseFinallyBlockHasNotRun() {
        coroutine(true).entered();
        assertWrong("began 1 times, and ended 0 times");
    }

    @Test
    void aCoroutineThatNeverEnds() {
        coroutine(false);
        assertWrong("has never ended");
    }

    @Test
    @Rule(23)
    void aScopeThatIsClosedAroundACoroutine() {
        coroutine(false).entered();
        book.closing();
        book.closed();
        assertTrue(ledger.wrongs().get(0).contains("runs on"));
    }

    @Test
    @Rule(23)
    void aCoroutineThatBeginsInAClosedScope() {
        CoroutineBook coroutine = coroutine(true);
        book.closing();
        book.closed();
        coroutine.entered();
        coroutine.left();
        assertWrong("which is closed");
    }

    @Test
    @Rule(16)
    void aFailureOfACoroutineThatIsNotReported() {
        coroutine(true).threw(failure);
        assertWrong("reported 0 times");
    }

    @Test
    @Rule(16)
    void aFailureOfACoroutineThatIsReportedTwice() {
        coroutine(true).threw(failure);
        report();
        assertEquals(List.of(), audit());
        report();
        assertWrong("reported 2 times");
    }

    @Test
    @Rule(15)
    void anotherExceptionForACoroutineThatAwaits() {
        account(Future.failed(failure)).sawOriginal(new ChaosFailure("other"));
        assertWrong("at a coroutine");
    }

    @Test
    @Rule(17)
    void aFailureOfAChildCoroutineThatIsLost() {
        Account account = account(Future.failed(failure));
        account.suspending();
        account.childThrew(failure);
        account.read();
        assertEquals(List.of(), audit());
        account.childThrew(new ChaosFailure("lost"));
        assertWrong("has lost the exception of its coroutine");
    }

    @Test
    @Rule(16)
    void aFailureOfASuspendBodyThatIsLost() {
        account(Future.failed(failure)).suspending();
        book.closing();
        book.closed();
        assertWrong("neither read nor reported");
    }

    // ---- callbacks

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

    // ---- failures

    private void failed() {
        Account account = account(Future.failed(failure));
        account.threw(failure);
    }

    private void report() {
        ledger.listener()
                .onFailure(
                        new FailureReport(
                                FailureReport.Kind.UNREAD_FAILURE,
                                "future",
                                "the future",
                                failure));
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
