package io.github.coro4j.spring;

import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/** The executor bean that {@code coro4j.executor} names. Each new builder of a scope looks it up. */
final class ExecutorByName {
    private final ListableBeanFactory beans;
    private final @Nullable String name;

    ExecutorByName(ListableBeanFactory beans, @Nullable String name) {
        this.beans = beans;
        this.name = name;
    }

    void ifNamed(Consumer<Executor> use) {
        if (name == null) {
            return;
        }
        if (!beans.containsBean(name) || !beans.isTypeMatch(name, Executor.class)) {
            throw new InvalidConfigurationPropertyValueException(
                    "coro4j.executor",
                    name,
                    "There is no Executor bean of that name. "
                            + whatThereIs(beans.getBeanNamesForType(Executor.class)));
        }
        use.accept(beans.getBean(name, Executor.class));
    }

    private static String whatThereIs(String[] names) {
        return names.length == 0
                ? "The application has none: declare one, or leave the property out."
                : "There are: " + String.join(", ", names) + ".";
    }
}
