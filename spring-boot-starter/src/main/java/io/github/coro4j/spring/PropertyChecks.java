package io.github.coro4j.spring;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;

/** Checks values of properties. Spring Boot prints the error with the place at which the property was set. */
public final class PropertyChecks {
    private PropertyChecks() {}

    static String name(@Nullable String name, Environment environment) {
        if (name == null) {
            String ofApplication = environment.getProperty("spring.application.name", "");
            return ofApplication.isBlank() ? "application" : ofApplication;
        }
        if (name.isBlank()) {
            throw new InvalidConfigurationPropertyValueException(
                    "coro4j.name",
                    name,
                    "It is blank, but messages and dumps show it. Leave it out for the name of the application.");
        }
        return name;
    }

    /**
     * Refuses a time that is zero or negative.
     *
     * @param property the name of the property
     * @param time its value
     * @return the value
     * @throws InvalidConfigurationPropertyValueException if the time is zero or negative
     */
    public static Duration positive(String property, Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new InvalidConfigurationPropertyValueException(
                    property, time, "It must be more than zero. Leave it out for no limit.");
        }
        return time;
    }

    /**
     * Refuses a time that is negative.
     *
     * @param property the name of the property
     * @param time its value
     * @return the value
     * @throws InvalidConfigurationPropertyValueException if the time is negative
     */
    public static Duration notNegative(String property, Duration time) {
        if (time.isNegative()) {
            throw new InvalidConfigurationPropertyValueException(
                    property, time, "It must not be negative. Set zero or a positive time.");
        }
        return time;
    }
}
