package io.github.coro4j.interop.chaos;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The books of one scope, in which each test plants one fault. The audit must find it. */
abstract class PlantedFault {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    final Ledger ledger = new Ledger(1);
    final ChaosFailure failure = new ChaosFailure("planted");
    private TaskScope scope;
    ScopeBook book;

    @BeforeEach
    void open() {
        scope = leaks.open("scope");
        book = new ScopeBook(ledger, scope, null);
    }

    @AfterEach
    void close() {
        scope.close();
    }

    Account account(Future<?> future) {
        return ledger.account(future, "the future", book, Account.Kind.BODY);
    }

    CallbackBook callback(Account account) {
        CallbackBook made = new CallbackBook(ledger, account, account.lane(null), true, done -> {});
        made.adding(1);
        return made;
    }

    /** Audits the books as a round does, and returns the faults. */
    List<String> audit() {
        Audit audit = new Audit(ledger);
        ledger.accounts.stream().filter(Account::seenDone).forEach(Account::read);
        return audit.balance();
    }

    void assertWrong(String what) {
        List<String> wrongs = audit();
        assertTrue(wrongs.size() == 1 && wrongs.get(0).contains(what), wrongs::toString);
    }

    void report() {
        ledger.listener()
                .onFailure(
                        new FailureReport(
                                FailureReport.Kind.UNREAD_FAILURE,
                                "future",
                                "the future",
                                failure));
    }
}
