package io.github.coro4j.examples.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.TaskScope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A digest during which a member dies. */
final class Deaths {
    private static final int AT_ONCE = 6;

    private Deaths() {}

    /** Ends a member. */
    interface Killer {
        void kill(String member) throws Exception;
    }

    /**
     * Runs the digest of a tree. When each of the three members has begun two bodies, one member is killed. Then the test
     * lets in the other bodies. Checks that each file has one result, and that only the bodies of the dead member have run
     * twice.
     *
     * @param victim the address of the member that dies
     */
    static void surviveOne(
            TaskScope scope, Cluster caller, List<Path> files, String victim, Killer killer)
            throws Exception {
        try (Gate gate = new Gate()) {
            Future<List<Outcome<FileSum>>> sums =
                    new ClusterDigest(caller, DigestLimits.DEFAULT.withAtOnce(AT_ONCE))
                            .sums(scope, Tree.held(gate, files));
            List<String> lost = new ArrayList<>();
            Set<String> members = new HashSet<>();
            for (int i = 0; i < AT_ONCE; i++) {
                Gate.Knock knock = gate.next(HeldBody.BEGUN);
                members.add(knock.member());
                if (knock.member().equals(victim)) {
                    lost.add(knock.path());
                }
            }
            assertEquals(3, members.size(), "members of the first bodies: " + members);
            assertEquals(AT_ONCE / 3, lost.size(), "bodies of " + victim + ": " + lost);
            killer.kill(victim);
            gate.stayOpen();
            List<FileSum> values = Tree.values(sums.join());
            assertEquals(Tree.localSums(files), values);
            List<String> begun = gate.begunPaths();
            for (Path file : files) {
                long times = begun.stream().filter(file.toString()::equals).count();
                assertTrue(
                        times == (lost.contains(file.toString()) ? 2 : 1),
                        file + " was begun " + times + " times; lost: " + lost);
            }
        }
    }
}
