package io.github.coro4j.interop.gather;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import java.util.ArrayList;
import java.util.List;

/** The policies of a gather that give a list, for tests of what each of them promises. */
enum Policy {
    ALL {
        @Override
        Future<? extends List<?>> start(Gather<?> plan) {
            return plan.all();
        }
    },
    FAIL_FAST {
        @Override
        Future<? extends List<?>> start(Gather<?> plan) {
            return plan.failFast();
        }
    },
    SETTLED {
        @Override
        Future<? extends List<?>> start(Gather<?> plan) {
            return plan.settled();
        }
    };

    abstract Future<? extends List<?>> start(Gather<?> plan);

    /** Waits for the list, and returns its values. An outcome in the list counts as its value. */
    static List<Object> valuesOf(Future<? extends List<?>> group) {
        List<Object> values = new ArrayList<>();
        for (Object each : group.join()) {
            values.add(each instanceof Outcome<?> outcome ? outcome.valueOrThrow() : each);
        }
        return values;
    }
}
