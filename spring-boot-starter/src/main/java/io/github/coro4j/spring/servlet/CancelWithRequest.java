package io.github.coro4j.spring.servlet;

import io.github.coro4j.Future;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.DeferredResultProcessingInterceptor;

/** Cancels the future when the request is over. If the future is done by then, the cancel has no effect. */
record CancelWithRequest(Future<?> future) implements DeferredResultProcessingInterceptor {
    @Override
    public <T> void afterCompletion(NativeWebRequest request, DeferredResult<T> result) {
        future.cancel("the request is over");
    }
}
