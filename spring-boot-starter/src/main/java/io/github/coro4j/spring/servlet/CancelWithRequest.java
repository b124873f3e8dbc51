package io.github.coro4j.spring.servlet;

import io.github.coro4j.Future;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.DeferredResultProcessingInterceptor;

/** Cancels the future when the request is over. If the future is done by then, the cancel has no effect. */
record CancelWithRequest(Future<?> future) implements DeferredResultProcessingInterceptor {
    /** The connection has failed. Not every server reports the completion then. */
    @Override
    public <T> boolean handleError(
            NativeWebRequest request, DeferredResult<T> result, Throwable error) {
        cancel();
        return true;
    }

    @Override
    public <T> void afterCompletion(NativeWebRequest request, DeferredResult<T> result) {
        cancel();
    }

    private void cancel() {
        future.cancel("the request is over");
    }
}
