package io.github.coro4j.examples.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.hazelcast.cluster.MembershipAdapter;
import com.hazelcast.cluster.MembershipEvent;
import io.github.coro4j.TaskScope;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Three members in three processes: this one and two others. */
@Tag("large")
@Timeout(1800)
class ThreeProcessesTest {
    @RegisterExtension static final NothingLeaks LEAKS = new NothingLeaks();

    @TempDir Path root;

    /** The system property {@code deaths} says how many members die, one after the other. */
    @Test
    void theDigestSurvivesEachDeathOfAProcess() throws Exception {
        List<Path> files = Tree.grow(root, 30);
        List<MemberProcess> others = new ArrayList<>();
        others.add(MemberProcess.start());
        others.add(MemberProcess.start(others.get(0).address()));
        int survived = 0;
        try (Cluster caller = Cluster.join(ClusterDigest.CLUSTER, addressesOf(others))) {
            for (int run = 0; run < Integer.getInteger("deaths", 1); run++) {
                caller.requireMembers(3);
                // The oldest and the youngest member take turns: the oldest one leads the cluster.
                MemberProcess victim = others.remove(run % 2);
                try (TaskScope scope = LEAKS.open()) {
                    Deaths.surviveOne(
                            scope, caller, files, victim.address(), address -> victim.kill());
                }
                survived++;
                CountDownLatch joined = new CountDownLatch(1);
                UUID listener =
                        caller.hazelcast().getCluster().addMembershipListener(counting(joined));
                others.add(MemberProcess.start(caller.address()));
                joined.await();
                caller.hazelcast().getCluster().removeMembershipListener(listener);
            }
            System.out.println("Deaths of a process that ClusterDigest has survived: " + survived);
        } finally {
            end(others);
        }
    }

    @Test
    void theProgram_joinsTheMembersOfOtherProcesses() throws Exception {
        List<Path> files = Tree.grow(root, 10);
        List<MemberProcess> others = new ArrayList<>();
        try {
            others.add(MemberProcess.start());
            others.add(MemberProcess.start(others.get(0).address()));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            int code =
                    ClusterDigest.run(
                            new PrintStream(out),
                            new PrintStream(err),
                            "--join",
                            others.get(1).address(),
                            "--hedge-after",
                            "60000",
                            root.toString());
            assertEquals(0, code, err.toString());
            assertEquals(
                    Tree.localSums(files).stream().map(FileSum::hex).toList(),
                    out.toString().lines().map(line -> line.substring(0, 64)).toList());
        } finally {
            end(others);
        }
    }

    private static String[] seeds(List<MemberProcess> members) {
        return members.stream().map(MemberProcess::address).toArray(String[]::new);
    }

    private static List<String> addressesOf(List<MemberProcess> members) {
        return List.of(seeds(members));
    }

    private static MembershipAdapter counting(CountDownLatch joined) {
        return new MembershipAdapter() {
            @Override
            public void memberAdded(MembershipEvent event) {
                joined.countDown();
            }
        };
    }

    private static void end(List<MemberProcess> members) throws Exception {
        for (MemberProcess member : members) {
            member.end();
            assertFalse(member.process().isAlive());
        }
    }
}
