package io.github.coro4j.spring.servlet;

import io.github.coro4j.spring.web.OpenRequest;
import io.github.coro4j.spring.web.RequestScopes;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.async.CallableProcessingInterceptor;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.DeferredResultProcessingInterceptor;
import org.springframework.web.context.request.async.WebAsyncManager;
import org.springframework.web.context.request.async.WebAsyncUtils;
import org.springframework.web.servlet.AsyncHandlerInterceptor;

/** Gives each request an {@link OpenRequest}, and ends it when the request is over. */
record RequestLife(RequestScopes scopes) implements AsyncHandlerInterceptor {
    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        // The dispatches that follow an asynchronous result, or an error, belong to the same
        // request.
        if (request.getDispatcherType() == DispatcherType.REQUEST
                && request.getAttribute(OpenRequest.ATTRIBUTE) == null) {
            OpenRequest open = scopes.begin();
            request.setAttribute(OpenRequest.ATTRIBUTE, open);
            WebAsyncManager manager = WebAsyncUtils.getAsyncManager(request);
            manager.registerDeferredResultInterceptor(this, new EndOfResult(open));
            manager.registerCallableInterceptor(this, new EndOfCallable(open));
        }
        return true;
    }

    /** Ends the request after Spring has written the answer: at once, or after the dispatch of an asynchronous result. */
    @Override
    public void afterCompletion(
            HttpServletRequest request,
            HttpServletResponse response,
            Object handler,
            @Nullable Exception exception) {
        OpenRequest open = of(request);
        if (open != null) {
            open.end();
        }
    }

    static @Nullable OpenRequest of(HttpServletRequest request) {
        return (OpenRequest) request.getAttribute(OpenRequest.ATTRIBUTE);
    }

    private record EndOfResult(OpenRequest open) implements DeferredResultProcessingInterceptor {
        @Override
        public <T> boolean handleError(
                NativeWebRequest request, DeferredResult<T> result, Throwable error) {
            open.end();
            return true;
        }

        @Override
        public <T> void afterCompletion(NativeWebRequest request, DeferredResult<T> result) {
            open.end();
        }
    }

    private record EndOfCallable(OpenRequest open) implements CallableProcessingInterceptor {
        @Override
        public <T> void afterCompletion(NativeWebRequest request, Callable<T> task) {
            open.end();
        }
    }
}
