package io.github.coro4j.examples.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.MemberLeftException;
import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.TaskScope;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Members of one JVM that end while they run bodies. Hazelcast gives the bodies three seconds to end. */
@Tag("large")
@Timeout(120)
class MemberDeathTest {
    @RegisterExtension static final NothingLeaks LEAKS = new NothingLeaks();

    @TempDir Path root;

    @Test
    void withoutAnotherTry_theDeathIsAFailureAsAValue_andTheOthersGoOn() throws Exception {
        // A body that was sent to a partition of the dead member is different: Hazelcast runs it
        // again.
        List<Path> files = Tree.grow(root, 3);
        LocalMembers members = LEAKS.threeMembers();
        Cluster caller = members.last();
        try (Gate gate = new Gate();
                TaskScope scope = LEAKS.open()) {
            List<Body> bodies = Tree.held(gate, files);
            java.util.concurrent.Future<FileSum> ofPartition =
                    caller.hazelcast()
                            .getExecutorService(Cluster.EXECUTOR)
                            .submitToKeyOwner(
                                    new HeldBody(gate, files.get(0).toString()),
                                    keyOf(members.get(0).hazelcast(), caller));
            assertEquals(members.get(0).address(), gate.next(HeldBody.BEGUN).member());
            Future<List<Outcome<FileSum>>> sums =
                    scope.gatherAsync(
                                    List.of(0, 1, 2), turn -> caller.submit(bodies.get(turn), turn))
                            .settled();
            Gate.Knock[] begun = {
                gate.next(HeldBody.BEGUN), gate.next(HeldBody.BEGUN), gate.next(HeldBody.BEGUN)
            };
            int dead = 0;
            for (Gate.Knock knock : begun) {
                if (knock.member().equals(members.get(0).address())) {
                    dead = Tree.names(files).indexOf(knock.path());
                }
            }
            members.get(0).hazelcast().getLifecycleService().terminate();
            gate.stayOpen();
            assertEquals(Tree.localSums(files).get(0), ofPartition.get());
            assertEquals(5, gate.begunPaths().size(), "bodies that have begun");
            List<Outcome<FileSum>> ends = sums.join();
            List<FileSum> local = Tree.localSums(files);
            for (int i = 0; i < files.size(); i++) {
                if (i == dead) {
                    assertInstanceOf(MemberLeftException.class, ends.get(i).exceptionOrNull());
                } else {
                    assertEquals(local.get(i), ends.get(i).valueOrThrow());
                }
            }
        }
    }

    /** Returns a key of a partition that a member owns. */
    private static int keyOf(HazelcastInstance owner, Cluster caller) {
        UUID wanted = owner.getCluster().getLocalMember().getUuid();
        // The first use of a map gives the partitions to the members.
        caller.hazelcast().getMap("any").size();
        int key = 0;
        while (!wanted.equals(ownerOf(key, caller))) {
            key++;
        }
        return key;
    }

    private static UUID ownerOf(int key, Cluster caller) {
        return caller.hazelcast().getPartitionService().getPartition(key).getOwner().getUuid();
    }

    @Test
    void theDigestSurvivesAMemberThatIsTerminated() throws Exception {
        assertSurvived(0, member -> member.hazelcast().getLifecycleService().terminate());
    }

    @Test
    void theDigestSurvivesAMemberThatShutsDown() throws Exception {
        assertSurvived(1, Cluster::close);
    }

    private void assertSurvived(int index, Consumer<Cluster> end) throws Exception {
        LocalMembers members = LEAKS.threeMembers();
        try (TaskScope scope = LEAKS.open()) {
            Cluster member = members.get(index);
            List<Path> files = Tree.grow(root, 30);
            Deaths.surviveOne(
                    scope, members.last(), files, member.address(), victim -> end.accept(member));
        }
    }

    @Test
    void aCallerThatHasLeft_getsAnErrorThatSaysSo() throws Exception {
        List<Path> files = Tree.grow(root, 1);
        LocalMembers members = LEAKS.threeMembers();
        members.last().close();
        SumOfFile body = new SumOfFile(files.get(0).toString());
        try (TaskScope scope = LEAKS.open()) {
            IllegalStateException refused =
                    assertThrows(IllegalStateException.class, () -> members.last().submit(body, 0));
            assertTrue(
                    refused.getMessage().contains("was shut down, so it cannot submit " + body),
                    refused.getMessage());
            Outcome<FileSum> end =
                    scope.gatherAsync(
                                    List.of(0),
                                    turn -> members.last().submitUntilAnswered(scope, body, turn))
                            .settled()
                            .join()
                            .get(0);
            assertInstanceOf(IllegalStateException.class, end.exceptionOrNull());
        }
    }
}
