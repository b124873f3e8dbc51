package io.github.coro4j.spring.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpEntity;
import org.springframework.util.ClassUtils;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.async.WebAsyncManager;

/**
 * Registers a {@link TomcatWatch} for each waiting HTTP/1.1 request on Tomcat. While a request waits for its answer,
 * Tomcat does not read such a connection, so nothing else would notice that the client has closed it. Tomcat always reads
 * an HTTP/2 connection. This class does not check the connections of other servers.
 */
final class HangUps {
    private static final boolean IS_TOMCAT_THERE =
            ClassUtils.isPresent(
                    "org.apache.catalina.connector.RequestFacade", HangUps.class.getClassLoader());

    private final Duration interval;

    HangUps(Duration interval) {
        this.interval = interval;
    }

    void watch(NativeWebRequest request, @Nullable Method controller, WebAsyncManager manager) {
        HttpServletRequest servlet = request.getNativeRequest(HttpServletRequest.class);
        if (interval.isZero() || !IS_TOMCAT_THERE || servlet == null) {
            return;
        }
        // The watch takes the stream of the request, so nothing else can read the body later.
        boolean mayBeRead = hasBody(servlet) && !hasReadBody(controller);
        if (servlet.getProtocol().startsWith("HTTP/1") && !mayBeRead) {
            manager.registerDeferredResultInterceptor(this, new TomcatWatch(interval));
        }
    }

    private static boolean hasBody(HttpServletRequest request) {
        return request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
    }

    /** Returns whether Spring has read the body for a parameter of the controller. */
    private static boolean hasReadBody(@Nullable Method controller) {
        return controller != null
                && Arrays.stream(controller.getParameters()).anyMatch(HangUps::isBody);
    }

    private static boolean isBody(Parameter parameter) {
        return parameter.isAnnotationPresent(RequestBody.class)
                || HttpEntity.class.isAssignableFrom(parameter.getType());
    }
}
