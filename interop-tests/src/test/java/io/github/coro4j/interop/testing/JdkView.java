package io.github.coro4j.interop.testing;

import java.util.concurrent.ExecutionException;

/** A view whose type is a future of the JDK. */
public abstract class JdkView<T> implements View<T> {
    private final java.util.concurrent.Future<T> view;

    protected JdkView(java.util.concurrent.Future<T> view) {
        this.view = view;
    }

    @Override
    public T read() throws Exception {
        try {
            return view.get();
        } catch (ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }

    @Override
    public void cancel() {
        view.cancel(true);
    }

    @Override
    public boolean isOver() {
        return view.isDone();
    }
}
