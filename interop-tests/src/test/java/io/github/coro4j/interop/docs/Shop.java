package io.github.coro4j.interop.docs;

import io.github.coro4j.Combination;
import io.github.coro4j.Future;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.io.IOException;
import java.util.List;

/** The classes of a team that writes Java, in docs/interop.md. */
public final class Shop {
    // region Kotlin awaits a Java task
    public Task<Integer> countItems(int user) {
        return Task.start("cart", () -> readCart(user).size());
    }

    // endregion

    // region Java works for a screen, and does not know it
    public Future<String> render(TaskScope scope, int user) {
        Task<String> name = scope.start("name", () -> readName(user));
        Task<Integer> items = scope.start("items", () -> readCart(user).size());
        return Combination.of(name, items, (n, i) -> n + ": " + i).failFast();
    }

    // endregion

    public int price(int item) {
        return item * 10;
    }

    static List<String> readCart(int user) throws IOException {
        if (user < 0) {
            throw new IOException("no user " + user);
        }
        return List.of("bread", "milk", "salt");
    }

    private static String readName(int user) {
        return "user " + user;
    }
}
