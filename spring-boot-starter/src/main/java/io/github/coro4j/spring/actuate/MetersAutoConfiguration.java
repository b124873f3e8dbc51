package io.github.coro4j.spring.actuate;

import io.github.coro4j.ConcurrencyLimit;
import io.github.coro4j.TaskListener;
import io.github.coro4j.observe.MicrometerLimits;
import io.github.coro4j.observe.MicrometerTaskListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/**
 * Counts the tasks in the meters of the application, and shows the state of each {@link ConcurrencyLimit} that is a bean.
 * {@link MicrometerTaskListener} and {@link MicrometerLimits} list the meters.
 */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
        })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnSingleCandidate(MeterRegistry.class)
public class MetersAutoConfiguration {
    /** Creates the configuration. Spring calls this. */
    MetersAutoConfiguration() {}

    @Bean
    TaskListener coro4jMeters(MeterRegistry registry) {
        return new MicrometerTaskListener(registry);
    }

    @Bean
    MeterBinder coro4jLimitMeters(ObjectProvider<ConcurrencyLimit> limits) {
        return registry -> limits.forEach(limit -> MicrometerLimits.bind(registry, limit));
    }
}
