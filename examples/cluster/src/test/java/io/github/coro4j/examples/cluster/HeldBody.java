package io.github.coro4j.examples.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedByInterruptException;

/** A body that waits at a {@link Gate} before it reads its file. It reports an interrupt. */
final class HeldBody implements Body, HazelcastInstanceAware {
    static final String BEGUN = "begun";
    static final String INTERRUPTED = "interrupted";
    private static final long serialVersionUID = 1;

    private final int port;
    private final SumOfFile sum;
    private String member;

    HeldBody(Gate gate, String path) throws IOException {
        this.port = gate.port();
        this.sum = new SumOfFile(path);
    }

    @Override
    public void setHazelcastInstance(HazelcastInstance instance) {
        InetSocketAddress address =
                (InetSocketAddress) instance.getLocalEndpoint().getSocketAddress();
        member = address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    @Override
    public FileSum call() throws IOException, InterruptedException {
        try {
            Gate.Knock.at(port, BEGUN, member, sum.path());
        } catch (ClosedByInterruptException e) {
            Thread.interrupted();
            Gate.Knock.report(port, INTERRUPTED, member, sum.path());
            throw new InterruptedException();
        }
        return sum.call();
    }

    @Override
    public String toString() {
        return "HeldBody of " + sum.path();
    }
}
