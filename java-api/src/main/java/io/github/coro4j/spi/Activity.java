package io.github.coro4j.spi;

import io.github.coro4j.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a scope, and the scopes inside it, were doing at one look. If two looks in a row find nothing busy and have the
 * same stamp, nothing ran between them.
 *
 * @param busy what runs, or is about to
 * @param waiting what has not ended, and waits for something of the engine; empty unless it was asked for
 * @param stamp changes when something begins to wait, begins or ends
 */
public record Activity(List<Work> busy, List<Work> waiting, long stamp) {

    /**
     * One job, or one kind of step.
     *
     * @param future the job, or null for other steps
     * @param label its type and name
     * @param doing what it does, in one word or a few
     * @param thread the thread that runs it, or null
     * @param isInForeignQueue true if it waits for an executor of the user, which may have no free thread
     */
    public record Work(
            @Nullable Future<?> future,
            String label,
            String doing,
            @Nullable Thread thread,
            boolean isInForeignQueue) {}
}
