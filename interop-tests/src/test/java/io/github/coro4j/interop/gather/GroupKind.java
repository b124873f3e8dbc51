package io.github.coro4j.interop.gather;

import io.github.coro4j.Future;
import io.github.coro4j.TaskScope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** A policy and an origin of children, for tests of what every policy promises over every origin. */
record GroupKind(Policy policy, Origin origin) {

    static List<GroupKind> every() {
        List<GroupKind> groups = new ArrayList<>();
        for (Policy policy : Policy.values()) {
            for (Origin origin : Origin.values()) {
                groups.add(new GroupKind(policy, origin));
            }
        }
        return groups;
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    final Future<? extends List<?>> start(TaskScope scope, Callable<String>... bodies) {
        return policy.start(origin.plan(scope, bodies));
    }
}
