package io.github.coro4j.examples.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.IExecutorService;
import com.hazelcast.core.MemberLeftException;
import com.hazelcast.spi.exception.TargetNotMemberException;
import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import io.github.coro4j.Future;
import io.github.coro4j.TaskScope;
import java.io.Serializable;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;

/**
 * A member of a Hazelcast cluster on the loopback address, as a place for bodies. A body that runs on any member is a
 * {@link Future} here, and so a child of a gather like any other.
 *
 * <p>Any thread may call any method. {@link #close} leaves the cluster.
 */
public final class Cluster implements AutoCloseable {
    static final String EXECUTOR = "bodies";

    // A member that dies leaves the cluster. A member that shuts down refuses bodies before it
    // leaves.
    // region policy
    private static final RetryPolicy<Object> ON_ANOTHER_MEMBER =
            RetryPolicy.builder()
                    .handle(
                            MemberLeftException.class,
                            TargetNotMemberException.class,
                            HazelcastInstanceNotActiveException.class,
                            RejectedExecutionException.class)
                    .withMaxAttempts(4)
                    .build();

    // endregion

    private final HazelcastInstance self;
    private final String name;
    private final IExecutorService executor;

    private Cluster(HazelcastInstance self) {
        this.self = self;
        this.name = self.getConfig().getClusterName();
        this.executor = self.getExecutorService(EXECUTOR);
    }

    /**
     * Starts a member that joins the members at the given addresses, or that is the first one if there are none.
     *
     * @param name the name of the cluster; members with another name do not join it
     * @param seeds addresses of members that run, such as {@code 127.0.0.1:5701}; one is enough
     * @return the member
     */
    public static Cluster join(String name, List<String> seeds) {
        return new Cluster(Hazelcast.newHazelcastInstance(loopback(name, seeds)));
    }

    private static Config loopback(String name, List<String> seeds) {
        Config config = new Config().setClusterName(name);
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.wait.seconds.before.join", "0");
        // The sums and the messages of the program are its output.
        config.setProperty("hazelcast.logging.type", "none");
        NetworkConfig network = config.getNetworkConfig();
        network.setPort(0); // The system chooses a free one.
        network.getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).setMembers(seeds);
        return config;
    }

    /**
     * Returns this member if the cluster has enough members.
     *
     * @param needed how many members there must be, this one included
     * @return this member
     * @throws IllegalStateException if there are fewer; the message says what to do
     */
    public Cluster requireMembers(int needed) {
        int found = self.getCluster().getMembers().size();
        if (found < needed) {
            throw new IllegalStateException(missing(name, found, needed, address()));
        }
        return this;
    }

    static String missing(String name, int found, int needed, String address) {
        return "cluster '%s' has %d of %d members, this one (%s) included. Start the others first with ClusterMember, and pass the address that one of them prints to --join."
                .formatted(name, found, needed, address);
    }

    /** Returns the address of this member, such as {@code 127.0.0.1:5701}. */
    public String address() {
        InetSocketAddress address = (InetSocketAddress) self.getLocalEndpoint().getSocketAddress();
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /**
     * Starts a body on a member. The future fails with what the body throws, or with a {@link MemberLeftException} if the
     * member dies. A cancel of the future interrupts the body on that member.
     *
     * @param <R> the type of the result, which must be serialisable
     * @param <B> the type of the body
     * @param body what to run; the other members have its class on their class path
     * @param turn chooses the member: the members take turns
     * @return a future for the result, in the current scope
     * @throws IllegalStateException if this member has left the cluster
     */
    public <R, B extends Callable<R> & Serializable> Future<R> submit(B body, int turn) {
        try {
            // region submit
            List<Member> members = List.copyOf(self.getCluster().getMembers());
            Member member = members.get(Math.floorMod(turn, members.size()));
            return Future.fromBlocking(executor.submitToMember(body, member))
                    .recover(Cluster::original);
            // endregion
        } catch (HazelcastInstanceNotActiveException e) {
            throw new IllegalStateException(
                    "this member of cluster '%s' was shut down, so it cannot submit %s. Submit before the cluster is closed, or join it again with Cluster.join."
                            .formatted(name, body),
                    e);
        }
    }

    /** Throws what the body threw. It travels in an {@code ExecutionException}. */
    // region original
    private static <R> R original(Throwable failure) throws Exception {
        boolean wrapped = failure.getClass() == ExecutionException.class;
        Throwable thrown = wrapped && failure.getCause() != null ? failure.getCause() : failure;
        if (thrown instanceof Error error) throw error;
        throw (Exception) thrown;
    }

    // endregion

    /**
     * Starts a body on a member, and again on the next one if that member stops before it has answered. Otherwise like
     * {@link #submit}. So a body may run more than once, but the future has one result.
     *
     * <p>Failsafe follows a view of a future of Coro4j, not Hazelcast's own: Failsafe holds a lock while it cancels, and
     * Hazelcast's {@code cancel} waits for the answer of the member.
     *
     * @param <R> the type of the result, which must be serialisable
     * @param <B> the type of the body
     * @param scope the attempts are tasks of this scope
     * @param body what to run; it must be safe to run it twice
     * @param turn chooses the first member
     * @return a future for the result, in the current scope
     */
    // region retry
    public <R, B extends Callable<R> & Serializable> Future<R> submitUntilAnswered(
            TaskScope scope, B body, int turn) {
        ExecutorService attempts = scope.asExecutorService();
        return Future.from(
                Failsafe.with(ON_ANOTHER_MEMBER)
                        .with(attempts)
                        .getStageAsync(
                                attempt ->
                                        submit(body, turn + attempt.getAttemptCount())
                                                .toCompletableFuture()));
    }

    // endregion

    /** Leaves the cluster, after the other members have taken over what this one stores. */
    @Override
    public void close() {
        self.shutdown();
    }

    /** Returns the instance of Hazelcast, for what this class does not wrap. */
    HazelcastInstance hazelcast() {
        return self;
    }
}
