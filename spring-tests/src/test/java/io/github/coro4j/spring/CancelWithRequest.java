package io.github.coro4j.spring;

import java.util.concurrent.CompletableFuture;
import org.springframework.core.MethodParameter;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.DeferredResultProcessingInterceptor;
import org.springframework.web.context.request.async.WebAsyncUtils;
import org.springframework.web.method.support.AsyncHandlerMethodReturnValueHandler;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.mvc.method.annotation.DeferredResultMethodReturnValueHandler;

// region
/** Cancels the CompletableFuture that a controller has returned when its request is over first. */
class CancelWithRequest extends DeferredResultMethodReturnValueHandler
        implements AsyncHandlerMethodReturnValueHandler {
    // A handler that says yes here comes before Spring's own.
    @Override
    public boolean isAsyncReturnValue(Object value, MethodParameter type) {
        return value instanceof CompletableFuture<?>;
    }

    @Override
    public void handleReturnValue(
            Object value,
            MethodParameter type,
            ModelAndViewContainer view,
            NativeWebRequest request)
            throws Exception {
        if (value instanceof CompletableFuture<?> future) {
            WebAsyncUtils.getAsyncManager(request)
                    .registerDeferredResultInterceptor(this, new Cancel(future));
        }
        super.handleReturnValue(value, type, view, request);
    }

    private record Cancel(CompletableFuture<?> future)
            implements DeferredResultProcessingInterceptor {
        @Override
        public <T> void afterCompletion(NativeWebRequest request, DeferredResult<T> result) {
            future.cancel(true);
        }
    }
}
// endregion
