package io.github.coro4j.dex.guava;

import com.google.common.util.concurrent.ListenableFuture;
import io.github.coro4j.Task;
import io.github.coro4j.bridges.GuavaFutures;

/** An application that needs Guava, but has only the interface {@link ListenableFuture}. */
public final class GuavaSample {
    private GuavaSample() {}

    public static void main(String[] args) throws Exception {
        ListenableFuture<String> view =
                GuavaFutures.toListenableFuture(Task.start("user", () -> "Ann"));
        System.out.println(view.get());
    }
}
