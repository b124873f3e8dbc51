package io.github.coro4j.dex.sample;

import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A small application in Java, as in the README. The lines that it prints are the same in every run. */
public final class Sample {
    private Sample() {}

    public static void main(String[] args) {
        Promise<String> called = Promise.create();
        try (TaskScope scope = TaskScope.open("page")) {
            Task<String> user = scope.start("user", () -> "Ann");
            user.addDoneCallback(done -> called.complete("callback: " + done.outcome()));
            System.out.println(called.join());

            List<Outcome<String>> answers =
                    scope.gather(List.of("fast", "broken", "slow"), Sample::ask)
                            .named("ask")
                            .concurrency(2)
                            .timeout(Duration.ofSeconds(1))
                            .settled()
                            .join();
            for (Outcome<String> each : answers) {
                System.out.println(each.isCancelled() ? "too late" : each);
            }
            System.out.println(user.join());
        }
        System.out.println("closed");
    }

    private static String ask(String server) throws IOException, InterruptedException {
        if (server.equals("broken")) {
            throw new IOException("connection refused");
        }
        if (server.equals("slow")) {
            Thread.sleep(60_000); // The timeout interrupts this thread.
        }
        return "42";
    }
}
