package io.github.coro4j.examples.cluster;

import java.util.ArrayList;
import java.util.List;

/** Members of one cluster in this JVM, on different ports of the loopback address. */
final class LocalMembers implements AutoCloseable {
    private final List<Cluster> members = new ArrayList<>();

    /** Starts members, each of which joins the first. The last one has then seen all others. */
    static LocalMembers start(String name, int count) {
        LocalMembers started = new LocalMembers();
        try {
            for (int i = 0; i < count; i++) {
                started.add(name);
            }
            return started;
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
    }

    private void add(String name) {
        members.add(
                Cluster.join(
                        name, members.isEmpty() ? List.of() : List.of(members.get(0).address())));
    }

    /** Returns a member, by the order in which they were started. */
    Cluster get(int index) {
        return members.get(index);
    }

    /** Returns the member that was started last. */
    Cluster last() {
        return members.get(members.size() - 1);
    }

    /** Terminates the members one after another, without handing over what they store. */
    @Override
    public void close() {
        members.forEach(member -> member.hazelcast().getLifecycleService().terminate());
    }
}
