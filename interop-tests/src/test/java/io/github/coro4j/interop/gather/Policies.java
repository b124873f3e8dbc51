package io.github.coro4j.interop.gather;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Gather.When;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** The policies that docs/gather.md describes, by their names there. */
final class Policies {
    static final String STREAM = "stream()";

    /** Each policy, with the call that starts it. */
    static final Map<String, Function<Gather<String>, Future<?>>> ALL = all();

    private Policies() {}

    private static Map<String, Function<Gather<String>, Future<?>>> all() {
        Map<String, Function<Gather<String>, Future<?>>> policies = new LinkedHashMap<>();
        policies.put("all()", Gather::all);
        policies.put("failFast()", Gather::failFast);
        policies.put("settled()", Gather::settled);
        policies.put("firstSuccess()", Gather::firstSuccess);
        policies.put("firstDone()", Gather::firstDone);
        policies.put("atLeast(2)", plan -> plan.atLeast(2));
        for (When when : When.values()) {
            policies.put("until(" + when + ")", plan -> plan.until(when));
        }
        policies.put(STREAM, Policies::readToItsEnd);
        return policies;
    }

    /** Returns the outcomes in the order of the stream. A cancel of the future closes the stream. */
    private static Future<?> readToItsEnd(Gather<String> plan) {
        Promise<List<Outcome<String>>> all = Promise.create();
        Stream<Future<String>> stream = plan.stream();
        Iterator<Future<String>> ends = stream.iterator();
        all.addDoneCallback(
                done -> {
                    if (done.isCancelled()) {
                        stream.close();
                    }
                });
        Runnable read =
                () -> {
                    List<Outcome<String>> outcomes = new ArrayList<>();
                    ends.forEachRemaining(end -> outcomes.add(end.joinOutcome()));
                    all.complete(outcomes);
                };
        new Thread(read, "reader of the stream").start();
        return all;
    }
}
