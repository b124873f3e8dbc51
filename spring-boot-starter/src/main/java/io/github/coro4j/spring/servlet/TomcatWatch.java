package io.github.coro4j.spring.servlet;

import io.github.coro4j.Future;
import io.github.coro4j.Task;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.time.Duration;
import org.apache.catalina.connector.RequestFacade;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.DeferredResultProcessingInterceptor;

/**
 * Watches the connection of one request, and ends the request when the client has closed it. It needs a timer and one
 * read in each interval, and no thread. It does not watch a request whose body was not read to its end, or was read with a
 * {@code Reader}.
 */
final class TomcatWatch implements DeferredResultProcessingInterceptor, ReadListener {
    private final Duration interval;
    private @Nullable ServletInputStream input;
    private Future<?> timer = Future.completed(null);
    private boolean isOver;

    TomcatWatch(Duration interval) {
        this.interval = interval;
    }

    @Override
    public <T> void preProcess(NativeWebRequest request, DeferredResult<T> result)
            throws IOException {
        RequestFacade facade = request.getNativeRequest(RequestFacade.class);
        if (facade == null) {
            return; // another server, or a test without one
        }
        ServletInputStream stream;
        try {
            stream = facade.getInputStream();
            // Tomcat would report the rest of a body as the end of the connection.
            if (!stream.isFinished()) {
                return;
            }
            // With a listener, available() reads from the socket and does not wait.
            stream.setReadListener(this);
        } catch (IllegalStateException e) {
            return; // the application reads the request with a Reader or a listener
        }
        synchronized (this) {
            input = stream;
            lookLater(result);
        }
    }

    private void lookLater(DeferredResult<?> result) {
        timer = Task.sleep(interval);
        timer.addDoneCallback(slept -> look(result));
    }

    private void look(DeferredResult<?> result) {
        // Hold the lock, so that no thread reads while Spring writes the answer.
        synchronized (this) {
            if (isOver || input == null) {
                return;
            }
            if (!hasHungUp(input)) {
                lookLater(result);
                return;
            }
        }
        result.setErrorResult(new AsyncRequestNotUsableException("the client has hung up"));
    }

    private static boolean hasHungUp(ServletInputStream input) {
        try {
            // At the end of the stream every call returns more than zero. If the client has sent
            // another request, only the first call does.
            return input.available() > 0 && input.available() > 0;
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public <T> void postProcess(NativeWebRequest request, DeferredResult<T> result, Object answer) {
        end();
    }

    @Override
    public <T> void afterCompletion(NativeWebRequest request, DeferredResult<T> result) {
        end();
    }

    private synchronized void end() {
        isOver = true;
        timer.cancel();
    }

    @Override
    public void onDataAvailable() {}

    @Override
    public void onAllDataRead() {}

    @Override
    public void onError(Throwable thrown) {}
}
