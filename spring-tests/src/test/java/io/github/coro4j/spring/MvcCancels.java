package io.github.coro4j.spring;

import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

// region
@Configuration(proxyBeanMethods = false)
class MvcCancels implements WebMvcConfigurer {
    private final Duration pause;

    MvcCancels(@Value("${hang-ups.pause:1s}") Duration pause) {
        this.pause = pause;
    }

    @Override
    public void addReturnValueHandlers(List<HandlerMethodReturnValueHandler> handlers) {
        handlers.add(new CancelWithRequest());
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new HangUps(pause));
    }
}
// endregion
