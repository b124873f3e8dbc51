package io.github.coro4j.interop.testing;

import java.util.Arrays;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.PostDiscoveryFilter;

/** Selects the tests of one rule, if the system property {@code rule} is set: {@code -Drule=14}. */
public final class RuleFilter implements PostDiscoveryFilter {
    private final Integer rule = Integer.getInteger("rule");

    @Override
    public FilterResult apply(TestDescriptor descriptor) {
        boolean included =
                rule == null
                        || !(descriptor.getSource().orElse(null) instanceof MethodSource method)
                        || names(method.getJavaMethod().getAnnotation(Rule.class))
                        || names(method.getJavaClass().getAnnotation(Rule.class));
        return FilterResult.includedIf(included);
    }

    private boolean names(Rule annotation) {
        return annotation != null
                && Arrays.stream(annotation.value()).anyMatch(each -> each == rule);
    }
}
