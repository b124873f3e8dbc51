package io.github.coro4j.interop.chaos;

import java.util.concurrent.atomic.AtomicInteger;

/** The permits of one group (R22). */
final class PermitBook {
    private final Ledger ledger;
    private final String group;
    private final int limit;
    private final AtomicInteger inside = new AtomicInteger();

    PermitBook(Ledger ledger, String group, int limit) {
        this.ledger = ledger;
        this.group = group;
        this.limit = limit;
        ledger.permits.add(this);
    }

    void taken() {
        int now = inside.incrementAndGet();
        if (now > limit) {
            ledger.wrong(group + " has " + now + " running bodies, and permits for " + limit);
        }
    }

    void givenBack() {
        inside.decrementAndGet();
    }

    void balance() {
        if (inside.get() != 0) {
            ledger.wrong(group + " has ended, and " + inside + " permits are not back");
        }
    }
}
