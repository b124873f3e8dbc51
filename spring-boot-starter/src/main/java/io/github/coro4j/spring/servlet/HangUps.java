package io.github.coro4j.spring.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.springframework.util.ClassUtils;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.async.WebAsyncManager;

/**
 * Checks at regular intervals whether the client of a waiting request is still there. While a request waits for its
 * answer, Tomcat does not read its HTTP/1.1 connection, so nothing else would notice. An HTTP/2 connection is always
 * read, and needs no checks. Other servers have no method that could be asked.
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
