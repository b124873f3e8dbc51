package io.github.coro4j.spring.servlet;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.spring.web.UnfinishedGathers;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncManager;
import org.springframework.web.context.request.async.WebAsyncUtils;
import org.springframework.web.method.support.AsyncHandlerMethodReturnValueHandler;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * Answers a request with the result of the {@link Future} that a controller returns, without a thread that waits. Spring
 * writes the result, or handles the exception, as if the controller had returned or thrown it. The future is cancelled
 * when the request is over first.
 */
final class FutureReturnValueHandler implements AsyncHandlerMethodReturnValueHandler {
    private final HangUps hangUps;

    FutureReturnValueHandler(Duration hangUpInterval) {
        this.hangUps = new HangUps(hangUpInterval);
    }

    @Override
    public boolean supportsReturnType(MethodParameter type) {
        Class<?> declared = type.getParameterType();
        return Future.class.isAssignableFrom(declared) || Gather.class.isAssignableFrom(declared);
    }

    // A handler that says yes here comes before those of Spring.
    @Override
    public boolean isAsyncReturnValue(@Nullable Object value, MethodParameter type) {
        return value != null && supportsReturnType(type);
    }

    @Override
    public void handleReturnValue(
            @Nullable Object value,
            MethodParameter type,
            ModelAndViewContainer view,
            NativeWebRequest request)
            throws Exception {
        if (value == null) {
            view.setRequestHandled(true);
            return;
        }
        if (value instanceof Gather<?>) {
            throw UnfinishedGathers.error(type.getMethod());
        }
        Future<?> future = (Future<?>) value;
        WebAsyncManager manager =
                WebAsyncUtils.getAsyncManager(request.getNativeRequest(HttpServletRequest.class));
        manager.registerDeferredResultInterceptor(this, new CancelWithRequest(future));
        hangUps.watch(request, type.getMethod(), manager);
        DeferredResult<Object> result = new DeferredResult<>();
        future.addDoneCallback(
                done -> {
                    // A failure after the end of the request stays unread, so that it is reported.
                    if (!result.isSetOrExpired()) {
                        answer(done.outcome(), result);
                    }
                });
        manager.startDeferredResultProcessing(result, view);
    }

    private static void answer(Outcome<?> outcome, DeferredResult<Object> result) {
        Throwable exception = outcome.exceptionOrNull();
        if (exception != null) {
            result.setErrorResult(exception);
        } else {
            result.setResult(outcome.valueOrThrow());
        }
    }
}
