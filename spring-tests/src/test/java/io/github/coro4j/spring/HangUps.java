package io.github.coro4j.spring;

import io.github.coro4j.Future;
import io.github.coro4j.Task;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.apache.catalina.connector.RequestFacade;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.DeferredResultProcessingInterceptor;
import org.springframework.web.context.request.async.WebAsyncUtils;
import org.springframework.web.servlet.HandlerInterceptor;

// region
/** Looks now and then whether the client of a waiting request is still there. For Tomcat. */
record HangUps(Duration pause) implements HandlerInterceptor {
    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        boolean first = request.getDispatcherType() == DispatcherType.REQUEST;
        // An HTTP/2 connection is always read, so its streams need no looks.
        if (first && request.getProtocol().startsWith("HTTP/1")) {
            WebAsyncUtils.getAsyncManager(request)
                    .registerDeferredResultInterceptor(this, new Watch(pause));
        }
        return true;
    }

    private static final class Watch implements DeferredResultProcessingInterceptor, ReadListener {
        private final Duration pause;
        private ServletInputStream input;
        private Future<Void> timer = Future.completed(null);
        private boolean over;

        Watch(Duration pause) {
            this.pause = pause;
        }

        @Override
        public <T> void preProcess(NativeWebRequest request, DeferredResult<T> result)
                throws IOException {
            input = request.getNativeRequest(RequestFacade.class).getInputStream();
            // What is left of a body would be mistaken for the end.
            if (input.isFinished()) {
                // With a listener, available() reads from the socket, and does not wait.
                input.setReadListener(this);
                lookLater(result);
            }
        }

        private synchronized void lookLater(DeferredResult<?> result) {
            timer = Task.sleep(pause);
            timer.addDoneCallback(slept -> look(result));
        }

        private void look(DeferredResult<?> result) {
            // Under the lock, so that no thread reads while the answer is written.
            synchronized (this) {
                if (over) {
                    return;
                }
                if (!hungUp()) {
                    lookLater(result);
                    return;
                }
            }
            result.setErrorResult(new AsyncRequestNotUsableException("the client has hung up"));
        }

        private boolean hungUp() {
            try {
                // The end of the stream is "available" each time; a next request only once.
                return input.available() > 0 && input.available() > 0;
            } catch (IOException e) {
                return true;
            }
        }

        @Override
        public <T> void postProcess(
                NativeWebRequest request, DeferredResult<T> result, Object answer) {
            end();
        }

        @Override
        public <T> void afterCompletion(NativeWebRequest request, DeferredResult<T> result) {
            end();
        }

        private synchronized void end() {
            over = true;
            timer.cancel();
        }

        @Override
        public void onDataAvailable() {}

        @Override
        public void onAllDataRead() {}

        @Override
        public void onError(Throwable thrown) {}
    }
}
// endregion
