package io.github.coro4j.interop.testing;

import io.github.coro4j.Future;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A future under test, whose end the test controls. */
public final class ControlledFuture {
    private final Future<Object> future;
    private final Future<?> source;
    private final Consumer<Object> succeed;
    private final Consumer<Throwable> fail;
    private final UnaryOperator<Object> shape;

    public ControlledFuture(
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

    public Future<Object> future() {
        return future;
    }

    /** Returns the source of the future, or the future itself. */
    public Future<?> source() {
        return source;
    }

    /** Makes the future succeed. It may be done only later. */
    public void succeed(Object value) {
        succeed.accept(value);
    }

    /** Makes the future fail. It may be done only later. */
    public void fail(Throwable exception) {
        fail.accept(exception);
    }

    /** Returns the value of the future after {@link #succeed} with the given value: a group has a list. */
    public Object valueFor(Object value) {
        return shape.apply(value);
    }

    /** Waits until the future is done without reading its failure. */
    public void awaitDone() throws InterruptedException {
        awaitDone(future);
    }

    public static void awaitDone(Future<?> future) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        future.addDoneCallback(each -> done.countDown());
        done.await();
    }
}
