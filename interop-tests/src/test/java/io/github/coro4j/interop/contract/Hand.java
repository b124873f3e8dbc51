package io.github.coro4j.interop.contract;

import io.github.coro4j.Future;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A future under test and a hand on how it ends. */
final class Hand {
    private final Future<Object> future;
    private final Future<?> source;
    private final Consumer<Object> succeed;
    private final Consumer<Throwable> fail;
    private final UnaryOperator<Object> shape;

    Hand(
            Future<Object> future,
            Future<?> source,
            Consumer<Object> succeed,
            Consumer<Throwable> fail,
            UnaryOperator<Object> shape) {
        this.future = future;
        this.source = source;
        this.succeed = succeed;
        this.fail = fail;
        this.shape = shape;
    }

    Future<Object> future() {
        return future;
    }

    /** What the future was derived from, or the future itself. */
    Future<?> source() {
        return source;
    }

    /** Lets the future succeed; it may be done only some time later. */
    void succeed(Object value) {
        succeed.accept(value);
    }

    /** Lets the future fail; it may be done only some time later. */
    void fail(Throwable exception) {
        fail.accept(exception);
    }

    /** What the future's value is after {@link #succeed} with the given one: a group has a list. */
    Object valueFor(Object value) {
        return shape.apply(value);
    }

    /** Waits until the future is done without reading its failure. */
    void awaitDone() throws InterruptedException {
        awaitDone(future);
    }

    static void awaitDone(Future<?> future) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        future.addDoneCallback(each -> done.countDown());
        done.await();
    }
}
