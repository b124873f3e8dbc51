package io.github.coro4j.release;

import java.util.Set;

/** A dependency as a POM states it. */
record PomDependency(String group, String name, String version, String scope, boolean isOptional) {
    /**
     * Returns whether builds of users get the dependency along with the artifact. Gradle reads the scope {@code compile} as
     * {@code api} and {@code runtime} as its run-time class path. Like Maven, it leaves out all others and what is optional.
     */
    boolean isBroughtAlong() {
        return !isOptional && Set.of("compile", "runtime").contains(scope);
    }

    @Override
    public String toString() {
        return group + ":" + name + ":" + version;
    }
}
