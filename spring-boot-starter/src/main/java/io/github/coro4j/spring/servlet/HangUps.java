package io.github.coro4j.spring.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.springframework.util.ClassUtils;
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

    void watch(NativeWebRequest request, WebAsyncManager manager) {
        HttpServletRequest servlet = request.getNativeRequest(HttpServletRequest.class);
        boolean isAsked = !interval.isZero() && IS_TOMCAT_THERE && servlet != null;
        if (isAsked && servlet.getProtocol().startsWith("HTTP/1")) {
            manager.registerDeferredResultInterceptor(this, new TomcatWatch(interval));
        }
    }
}
