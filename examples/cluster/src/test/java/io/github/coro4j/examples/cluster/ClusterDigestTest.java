package io.github.coro4j.examples.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.TaskScope;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The digest on three members in one JVM. */
@Timeout(120)
class ClusterDigestTest {
    @RegisterExtension static final NothingLeaks LEAKS = new NothingLeaks();

    private static LocalMembers members;

    @TempDir Path root;

    @BeforeAll
    static void start() {
        members = LEAKS.threeMembers();
    }

    private static ClusterDigest digest(DigestLimits limits) {
        return new ClusterDigest(members.last(), limits);
    }

    @Test
    void sums_areThoseOfALocalDigest() throws Exception {
        List<Path> files = Tree.grow(root, 60);
        List<FileSum> sums;
        try (TaskScope scope = LEAKS.open()) {
            sums =
                    Tree.values(
                            digest(DigestLimits.DEFAULT)
                                    .sums(scope, ClusterDigest.bodies(files))
                                    .join());
        }
        assertEquals(Tree.localSums(files), sums);
    }

    @Test
    void bodies_takeTurnsOnTheMembers_upToTheLimit() throws Exception {
        List<Path> files = Tree.grow(root, 9);
        try (Gate gate = new Gate();
                TaskScope scope = LEAKS.open()) {
            Future<List<Outcome<FileSum>>> sums =
                    digest(DigestLimits.DEFAULT.withAtOnce(3)).sums(scope, Tree.held(gate, files));
            List<String> inside = new ArrayList<>();
            Set<String> seen = new HashSet<>();
            Gate.Knock[] three = {gate.next(), gate.next(), gate.next()};
            for (Gate.Knock knock : three) {
                seen.add(knock.member());
                inside.add(knock.path());
            }
            assertEquals(3, seen.size(), "members of the first three bodies: " + seen);
            assertEquals(
                    Set.copyOf(Tree.names(files.subList(0, 3))),
                    Set.copyOf(inside),
                    "the fourth body waits for a permit");
            // Each body that is let in makes place for one more.
            three[0].letIn();
            assertEquals(files.get(3).toString(), gate.next().path());
            gate.stayOpen();
            assertEquals(Tree.localSums(files), Tree.values(sums.join()));
            assertEquals(files.size(), gate.begunPaths().size());
        }
    }

    @Test
    void aCancel_interruptsTheBodiesOnTheOtherMembers() throws Exception {
        List<Path> files = Tree.grow(root, 3);
        try (Gate gate = new Gate();
                TaskScope scope = LEAKS.open()) {
            Future<List<Outcome<FileSum>>> sums =
                    digest(DigestLimits.DEFAULT).sums(scope, Tree.held(gate, files));
            Set<String> begun = new HashSet<>();
            for (int i = 0; i < 3; i++) {
                begun.add(gate.next(HeldBody.BEGUN).member());
            }
            sums.cancelAndJoin("enough");
            Set<String> interrupted = new HashSet<>();
            for (int i = 0; i < 3; i++) {
                interrupted.add(gate.next(HeldBody.INTERRUPTED).member());
            }
            assertEquals(3, begun.size());
            assertEquals(begun, interrupted);
            Outcome.Cancelled<?> end =
                    assertInstanceOf(Outcome.Cancelled.class, sums.joinOutcome());
            assertTrue(end.cancellation().getMessage().contains("enough"), end.toString());
        }
    }

    @Test
    void theTimeout_givesTheFilesThatWereReadInTime_andInterruptsTheOther() throws Exception {
        List<Path> files = Tree.grow(root, 3);
        HandClock clock = new HandClock();
        try (Gate gate = new Gate();
                TaskScope scope = LEAKS.open(clock)) {
            DigestLimits limits = DigestLimits.DEFAULT.withTimeout(Duration.ofSeconds(10));
            List<Body> bodies = new ArrayList<>(ClusterDigest.bodies(files));
            bodies.set(1, new HeldBody(gate, files.get(1).toString()));
            CountDownLatch twoDone = new CountDownLatch(1);
            Future<List<Outcome<FileSum>>> sums =
                    digest(limits)
                            .plan(scope, bodies)
                            .onProgress(
                                    progress -> {
                                        if (progress.done() == 2) {
                                            twoDone.countDown();
                                        }
                                    })
                            .settled();
            Gate.Knock held = gate.next(HeldBody.BEGUN);
            twoDone.await();
            clock.advance(Duration.ofSeconds(10));
            List<Outcome<FileSum>> ends = sums.join();
            List<FileSum> local = Tree.localSums(files);
            assertEquals(local.get(0), ends.get(0).valueOrThrow());
            assertTrue(ends.get(1).isCancelled(), ends.toString());
            assertEquals(local.get(2), ends.get(2).valueOrThrow());
            assertEquals(held.member(), gate.next(HeldBody.INTERRUPTED).member());
        }
    }

    @Test
    void aHedge_readsALateFileOnAnotherMember_andInterruptsTheLateBody() throws Exception {
        List<Path> files = Tree.grow(root, 2).subList(1, 2);
        try (Gate gate = new Gate();
                TaskScope scope = LEAKS.open()) {
            DigestLimits limits = DigestLimits.DEFAULT.withHedgeAfter(Duration.ofMillis(1));
            Future<List<Outcome<FileSum>>> sums =
                    digest(limits).sums(scope, Tree.held(gate, files));
            Gate.Knock late = gate.next(HeldBody.BEGUN);
            Gate.Knock second = gate.next(HeldBody.BEGUN);
            assertTrue(!late.member().equals(second.member()), late + " and " + second);
            second.letIn();
            assertEquals(Tree.localSums(files), Tree.values(sums.join()));
            assertEquals(late.member(), gate.next(HeldBody.INTERRUPTED).member());
        }
    }

    @Test
    void aFailureOnAMember_isThatOfItsFileAlone() throws Exception {
        List<Path> files = new ArrayList<>(Tree.grow(root, 4));
        Files.delete(files.get(2));
        List<Outcome<FileSum>> ends;
        try (TaskScope scope = LEAKS.open()) {
            ends = digest(DigestLimits.DEFAULT).sums(scope, ClusterDigest.bodies(files)).join();
        }
        assertInstanceOf(NoSuchFileException.class, ends.get(2).exceptionOrNull());
        ends = new ArrayList<>(ends);
        ends.remove(2);
        files.remove(2);
        assertEquals(Tree.localSums(files), Tree.values(ends));
    }

    @Test
    void theProgram_printsTheSums() throws Exception {
        List<Path> files = Tree.grow(root, 10);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code =
                ClusterDigest.run(
                        new PrintStream(out),
                        new PrintStream(err),
                        "--at-once",
                        "4",
                        "--timeout",
                        "60",
                        root.toString());
        StringBuilder expected = new StringBuilder();
        List<FileSum> sums = Tree.localSums(files);
        for (int i = 0; i < files.size(); i++) {
            expected.append(sums.get(i).hex() + "  " + files.get(i) + System.lineSeparator());
        }
        assertEquals(expected.toString(), out.toString());
        long bytes = sums.stream().mapToLong(FileSum::bytes).sum();
        assertEquals(
                "10 of 10 files, " + bytes + " bytes" + System.lineSeparator(), err.toString());
        assertEquals(0, code);
    }
}
