package io.github.coro4j.spring;

import io.github.coro4j.TaskScope;
import java.util.Objects;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.MergedBeanDefinitionPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;

/**
 * Keeps Spring from closing the scopes that are beans, because a close by Spring has no limit. {@link ScopeShutdown} closes
 * them. A bean that names its destroy method keeps it.
 */
final class NoCloseBySpring implements MergedBeanDefinitionPostProcessor {
    @Override
    public void postProcessMergedBeanDefinition(
            RootBeanDefinition definition, Class<?> type, String name) {
        String method = definition.getDestroyMethodName();
        boolean isInferred =
                method == null || Objects.equals(method, AbstractBeanDefinition.INFER_METHOD);
        if (TaskScope.class.isAssignableFrom(type) && isInferred) {
            definition.setDestroyMethodName("");
        }
    }
}
