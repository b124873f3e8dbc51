package io.github.coro4j.spring.servlet;

import io.github.coro4j.spring.web.OpenRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * The attributes of one request for the threads that run its bodies. Those of the first thread end with the first dispatch.
 * When the request is over, its objects belong to the next request, so this object refuses to use them from then on.
 */
final class BodyRequest extends ServletRequestAttributes {
    private static final String ATTRIBUTE = BodyRequest.class.getName();

    private final OpenRequest open;

    private BodyRequest(OpenRequest open, Closeable request, HttpServletResponse response) {
        super(request, response);
        this.open = open;
    }

    /** Makes the object for a request, and keeps it in the request. */
    static void begin(OpenRequest open, HttpServletRequest request, HttpServletResponse response) {
        Closeable closeable = new Closeable(request);
        BodyRequest body = new BodyRequest(open, closeable, response);
        open.atEnd(
                () -> {
                    // The beans of the request that bodies have used are destroyed here.
                    body.requestCompleted();
                    closeable.close();
                });
        request.setAttribute(ATTRIBUTE, body);
    }

    /** Returns the object of a request, or null if Spring MVC has not chosen its controller yet. */
    static @Nullable BodyRequest of(HttpServletRequest request) {
        return (BodyRequest) request.getAttribute(ATTRIBUTE);
    }

    OpenRequest open() {
        return open;
    }

    /** A request that can be used until {@link #close}. */
    private static final class Closeable extends HttpServletRequestWrapper {
        Closeable(HttpServletRequest request) {
            super(request);
        }

        void close() {
            setRequest(OVER);
        }
    }

    /** Refuses every call. A proxy, because the interface has some seventy methods, and more in each version. */
    private static final HttpServletRequest OVER =
            (HttpServletRequest)
                    Proxy.newProxyInstance(
                            BodyRequest.class.getClassLoader(),
                            new Class<?>[] {HttpServletRequest.class},
                            (proxy, method, arguments) -> {
                                throw new IllegalStateException(
                                        "the request is over, so "
                                                + method.getName()
                                                + " cannot be asked of it; read what the body"
                                                + " needs before it starts");
                            });
}
