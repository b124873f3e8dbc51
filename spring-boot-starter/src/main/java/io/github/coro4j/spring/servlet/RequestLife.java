package io.github.coro4j.spring.servlet;

import io.github.coro4j.spring.web.OpenRequest;
import io.github.coro4j.spring.web.RequestScopes;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
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

/**
 * Gives each request a {@link BodyRequest}, and ends it when the request is over. A request may be dispatched several
 * times: forwards and includes run inside another dispatch, and the dispatch of an asynchronous result runs after it. So a
 * counter in the request knows how many dispatches are under way.
 */
record RequestLife(RequestScopes scopes) implements AsyncHandlerInterceptor {
    private static final String DISPATCHES = RequestLife.class.getName() + ".dispatches";

    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        BodyRequest known = BodyRequest.of(request);
        // The server dispatches an error after the end of the request that has failed.
        if (known == null || known.open().isOver()) {
            OpenRequest open = scopes.begin();
            BodyRequest.begin(open, request, response);
            WebAsyncManager manager = WebAsyncUtils.getAsyncManager(request);
            manager.registerDeferredResultInterceptor(this, new EndOfResult(open));
            manager.registerCallableInterceptor(this, new EndOfCallable(open));
            request.setAttribute(DISPATCHES, 0);
        }
        count(request, 1);
        return true;
    }

    /** Returns the number of dispatches that are under way now. */
    private static int count(HttpServletRequest request, int change) {
        Integer before = (Integer) request.getAttribute(DISPATCHES);
        int now = (before == null ? 0 : before) + change;
        request.setAttribute(DISPATCHES, now);
        return now;
    }

    @Override
    public void afterConcurrentHandlingStarted(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        count(request, -1);
    }

    /** Ends the request after Spring has written the answer: at once, or after the dispatch of an asynchronous result. */
    @Override
    public void afterCompletion(
            HttpServletRequest request,
            HttpServletResponse response,
            Object handler,
            @Nullable Exception exception) {
        BodyRequest known = BodyRequest.of(request);
        if (known == null || count(request, -1) > 0) {
            return;
        }
        if (request.isAsyncStarted()) {
            // The controller has started this itself, and Spring does not know its end.
            request.getAsyncContext().addListener(new EndOfAsync(known.open()));
        } else {
            known.open().end();
        }
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
        public <T> Object handleError(NativeWebRequest request, Callable<T> task, Throwable error) {
            open.end();
            return RESULT_NONE;
        }

        @Override
        public <T> void afterCompletion(NativeWebRequest request, Callable<T> task) {
            open.end();
        }
    }

    private record EndOfAsync(OpenRequest open) implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {
            open.end();
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            open.end();
        }

        @Override
        public void onError(AsyncEvent event) {
            open.end();
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this);
        }
    }
}
