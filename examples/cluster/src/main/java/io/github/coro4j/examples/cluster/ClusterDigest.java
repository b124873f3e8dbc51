package io.github.coro4j.examples.cluster;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Hedged;
import io.github.coro4j.Outcome;
import io.github.coro4j.TaskScope;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How do I spread the children of a gather over several machines? This program prints the SHA-256 of every regular file
 * below a directory, as {@code sha256sum} would, but the members of a Hazelcast cluster read the files.
 *
 * <pre>{@code
 * cluster-digest [--at-once N] [--timeout SECONDS] [--hedge-after MILLIS] [--join HOST:PORT] DIRECTORY
 * }</pre>
 *
 * <p>Without {@code --join} it starts three members in this JVM. With {@code --join} it is the third member of a
 * cluster whose other members {@link ClusterMember} runs. If a member dies, other members read the files that it had not answered.
 *
 * <p>Standard output has a line for each file that was read. Standard error has a line for each other file, and a
 * count. Exit codes: 0 all files were read, 1 something failed, 2 the arguments are wrong or the cluster is not there.
 */
public final class ClusterDigest {
    static final String CLUSTER = "coro4j-digest";
    private static final int MEMBERS = 3;

    private final Cluster cluster;
    private final DigestLimits limits;

    /**
     * Creates a digest on a cluster.
     *
     * @param cluster the member that submits the bodies
     * @param limits the limits
     */
    public ClusterDigest(Cluster cluster, DigestLimits limits) {
        this.cluster = cluster;
        this.limits = limits;
    }

    /**
     * Runs the program and ends the process with its exit code.
     *
     * @param args the arguments
     */
    public static void main(String... args) {
        System.exit(run(System.out, System.err, args));
    }

    /**
     * Runs the program.
     *
     * @param out where the sums go
     * @param err where all else goes
     * @param args the arguments
     * @return the exit code
     */
    public static int run(PrintStream out, PrintStream err, String... args) {
        DigestArguments arguments;
        try {
            arguments = DigestArguments.parse(args);
        } catch (IllegalArgumentException e) {
            err.println("cluster-digest: " + e.getMessage());
            return 2;
        }
        if (arguments.join() == null) {
            try (LocalMembers members = LocalMembers.start(newName(), MEMBERS)) {
                return digest(members.last(), arguments, out, err);
            }
        }
        try (Cluster member = Cluster.join(CLUSTER, List.of(arguments.join()))) {
            return digest(member, arguments, out, err);
        }
    }

    /** Two runs at the same time have two clusters. */
    private static String newName() {
        return CLUSTER + "-" + ProcessHandle.current().pid();
    }

    private static int digest(
            Cluster member, DigestArguments arguments, PrintStream out, PrintStream err) {
        try {
            member.requireMembers(MEMBERS);
        } catch (IllegalStateException e) {
            err.println("cluster-digest: " + e.getMessage());
            return 2;
        }
        List<Path> files;
        try {
            files = filesBelow(arguments.directory());
        } catch (IOException e) {
            err.println("cluster-digest: cannot list the files: " + e);
            return 1;
        }
        List<Outcome<FileSum>> ends;
        try (TaskScope scope = TaskScope.open("cluster-digest")) {
            ClusterDigest digest = new ClusterDigest(member, arguments.limits());
            ends = digest.sums(scope, bodies(files)).join();
        }
        return print(files, ends, out, err);
    }

    /** Returns the regular files below a directory, in the order of their paths. */
    static List<Path> filesBelow(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(
                            file ->
                                    Files.isRegularFile(
                                            file, java.nio.file.LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Returns a body for each file. Members have other working directories, so the paths are absolute. */
    static List<Body> bodies(List<Path> files) {
        return files.stream()
                .<Body>map(file -> new SumOfFile(file.toAbsolutePath().toString()))
                .toList();
    }

    /**
     * Runs bodies on the members, and returns an outcome for each, in their order. A cancel of the future interrupts the
     * bodies on the members. When the timeout is over, bodies that have not answered are interrupted too.
     *
     * @param scope the scope of the children
     * @param bodies what to run
     * @return a future for the outcomes
     */
    public Future<List<Outcome<FileSum>>> sums(TaskScope scope, List<? extends Body> bodies) {
        return plan(scope, bodies).settled();
    }

    /** Returns the gather without a policy. */
    Gather<FileSum> plan(TaskScope scope, List<? extends Body> bodies) {
        // region gather
        List<Integer> turns = IntStream.range(0, bodies.size()).boxed().toList();
        Gather<FileSum> sums =
                scope.gatherAsync(turns, turn -> sum(scope, bodies.get(turn), turn))
                        .named("files")
                        .concurrency(limits.atOnce());
        // endregion
        return limits.timeout() == null ? sums : sums.timeout(limits.timeout());
    }

    private Future<FileSum> sum(TaskScope scope, Body body, int turn) {
        if (limits.hedgeAfter() == null) {
            return cluster.submitUntilAnswered(scope, body, turn);
        }
        // region hedge
        return scope.hedge(
                        2,
                        limits.hedgeAfter(),
                        attempt -> cluster.submitUntilAnswered(scope, body, turn + attempt).join())
                .map(Hedged::value);
        // endregion
    }

    private static int print(
            List<Path> files, List<Outcome<FileSum>> ends, PrintStream out, PrintStream err) {
        int done = 0;
        long bytes = 0;
        for (int i = 0; i < files.size(); i++) {
            if (ends.get(i) instanceof Outcome.Success<FileSum> end) {
                out.println(end.value().hex() + "  " + files.get(i));
                done++;
                bytes += end.value().bytes();
            } else {
                err.println("failed: " + files.get(i) + ": " + ends.get(i).exceptionOrNull());
            }
        }
        err.println("%d of %d files, %d bytes".formatted(done, files.size(), bytes));
        return done == files.size() ? 0 : 1;
    }
}
