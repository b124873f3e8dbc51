package io.github.coro4j.examples.cluster;

import java.io.IOException;
import java.util.List;

/**
 * Runs a member that works for others.
 *
 * <pre>{@code
 * cluster-member [HOST:PORT]
 * }</pre>
 *
 * <p>It joins the member at the given address, or is the first of its cluster. It prints {@code member HOST:PORT}, and
 * leaves the cluster when its standard input ends.
 */
public final class ClusterMember {
    private ClusterMember() {}

    /**
     * Runs the program.
     *
     * @param args the address of a member that runs, or none
     * @throws IOException if standard input cannot be read
     */
    public static void main(String... args) throws IOException {
        try (Cluster member = Cluster.join(ClusterDigest.CLUSTER, List.of(args))) {
            System.out.println("member " + member.address());
            while (System.in.read() >= 0) {
                // Only the end matters.
            }
        }
    }
}
