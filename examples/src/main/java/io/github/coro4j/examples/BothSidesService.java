package io.github.coro4j.examples;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.TaskScope;
import io.github.coro4j.coroutines.Suspend;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Of a team that writes Java: it asks the Kotlin team's repository, and returns futures. */
public final class BothSidesService {
    private final BothSidesRepository repository;

    public BothSidesService(BothSidesRepository repository) {
        this.repository = repository;
    }

    /** How each shop has answered within the time, at most two asked at once; in the order of the shops. */
    public Future<Map<String, Outcome<Integer>>> prices(
            TaskScope scope, String item, Duration patience) {
        return Suspend.call(scope, "shops", repository::shops)
                .flatMap(
                        shops ->
                                ask(scope, shops, item, patience)
                                        .map(prices -> byShop(shops, prices)));
    }

    private Future<List<Outcome<Integer>>> ask(
            TaskScope scope, List<String> shops, String item, Duration patience) {
        // A body that calls a suspend function and owns it: the call ends with the body.
        return scope.gather(
                        shops,
                        shop -> Suspend.<Integer>runBlocking(c -> repository.price(shop, item, c)))
                .concurrency(2)
                .timeout(patience)
                .named("price of " + item)
                .settled();
    }

    private static Map<String, Outcome<Integer>> byShop(
            List<String> shops, List<Outcome<Integer>> prices) {
        Map<String, Outcome<Integer>> byShop = new LinkedHashMap<>();
        for (int i = 0; i < shops.size(); i++) {
            byShop.put(shops.get(i), prices.get(i));
        }
        return byShop;
    }

    /** Stops work of either language, and returns when it has ended. */
    public <T> Outcome<T> giveUp(Future<T> work) {
        return work.cancelAndJoin("Java needs it no more");
    }
}
