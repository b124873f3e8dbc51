package io.github.coro4j.interop.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.interop.testing.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each test plants one fault in the books of a coroutine, and checks that the audit finds it. */
class CoroutineFaultsTest extends PlantedFault {
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
        account.body.suspending();
        account.body.childThrew(failure);
        account.read();
        assertEquals(List.of(), audit());
        account.body.childThrew(new ChaosFailure("lost"));
        assertWrong("has lost the exception of its coroutine");
    }

    @Test
    @Rule(16)
    void aFailureOfASuspendBodyThatIsLost() {
        account(Future.failed(failure)).body.suspending();
        book.closing();
        book.closed();
        assertWrong("neither read nor reported");
    }
}
