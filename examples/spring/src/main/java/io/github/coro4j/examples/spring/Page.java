package io.github.coro4j.examples.spring;

import io.github.coro4j.Outcome;
import java.util.List;

/**
 * The page: what the backends have answered, in order.
 *
 * @param answers the answers that came in time
 * @param missing how many backends failed, or were too slow
 */
record Page(List<String> answers, int missing) {
    static Page of(List<Outcome<String>> outcomes) {
        List<String> answers =
                outcomes.stream()
                        .filter(Outcome.Success.class::isInstance)
                        .map(Outcome::valueOrThrow)
                        .toList();
        return new Page(answers, outcomes.size() - answers.size());
    }
}
