package io.github.coro4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The way of a Ctrl-C inside the process; {@link DigestCtrlCTest} has the signal itself. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DigestCancelTest {
    @TempDir Path root;
    private final DigestStop stop = new DigestStop();

    @Test
    void tellsHowManyFilesWereDoneAndWhichHadFailed() throws Exception {
        DigestTree tree = new DigestTree(root);
        for (String name : List.of("1 free", "2 broken", "3 free", "4 held", "5 held", "6 held")) {
            tree.add(name, "x");
        }
        // With two at once, both are held only when the three before them have ended.
        CountDownLatch held = new CountDownLatch(2);
        List<String> opened = Collections.synchronizedList(new ArrayList<>());
        DigestReader reader =
                file -> {
                    opened.add(file.getFileName().toString());
                    if (file.toString().endsWith("broken")) {
                        throw new IOException("no luck");
                    }
                    return file.toString().endsWith("held")
                            ? heldForever(file, held)
                            : DigestReader.openFile(file);
                };

        DigestRun run = stoppedWhen(held, reader, OptionalInt.empty(), "--at-once", "2");

        assertEquals(
                List.of("failed: " + root + "/2 broken: no luck", "cancelled: 3 of 6 files done"),
                run.errLines());
        assertEquals("", run.out());
        assertEquals(130, run.code());
        assertFalse(opened.contains("6 held"), "a file was opened after the cancel: " + opened);
    }

    @Test
    void endsTheLineOfTheBarFirst() throws Exception {
        new DigestTree(root).add("held", "x");
        CountDownLatch held = new CountDownLatch(1);

        DigestRun run = stoppedWhen(held, file -> heldForever(file, held), OptionalInt.of(79));

        List<String> lines = run.errLines();
        assertEquals("cancelled: 0 of 1 files done", lines.get(lines.size() - 1));
        assertEquals(130, run.code());
    }

    @Test
    void waitsUntilARunningBodyHasEnded() throws Exception {
        new DigestTree(root).add("file", "x");
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch cleaning = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        DigestReader reader =
                file ->
                        new DigestChannel(
                                DigestReader.openFile(file),
                                () -> {
                                    reading.countDown();
                                    new CountDownLatch(1).await();
                                },
                                () -> {
                                    cleaning.countDown();
                                    awaitDeafly(mayEnd);
                                    ended.set(true);
                                });
        try (TaskScope scope = TaskScope.open("test")) {
            Task<Boolean> endedBeforeTheRun =
                    scope.start(
                            () -> {
                                DigestRun.with(reader, stop, root.toString());
                                return ended.get();
                            });
            reading.await();
            stop.request();
            cleaning.await();
            assertFalse(endedBeforeTheRun.isDone(), "the run ended before its body");
            mayEnd.countDown();

            assertEquals(true, endedBeforeTheRun.join());
        }
    }

    @Test
    void stopsBetweenTwoBlocksOfAFileThatNeverWaits() throws Exception {
        new DigestTree(root).add("endless", "x");
        CountDownLatch reading = new CountDownLatch(1);

        DigestRun run = stoppedWhen(reading, file -> new Endless(reading), OptionalInt.empty());

        assertEquals(List.of("cancelled: 0 of 1 files done"), run.errLines());
        assertEquals(130, run.code());
    }

    @Test
    void readsNothingWhenAskedToStopBeforeTheDirectoryWasListed() {
        new DigestTree(root).add("file", "x");
        AtomicBoolean read = new AtomicBoolean();
        stop.request();

        DigestRun run =
                DigestRun.with(
                        file -> {
                            read.set(true);
                            return DigestReader.openFile(file);
                        },
                        stop,
                        root.toString());

        assertEquals(
                List.of("cancelled: 0 files done, the directory was still being listed"),
                run.errLines());
        assertEquals(130, run.code());
        assertFalse(read.get());
    }

    @Test
    void aListingEndsAtTheNextFileWhenItsTaskIsCancelled() throws Exception {
        new DigestTree(root).add("file", "x");
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        AtomicBoolean listed = new AtomicBoolean();
        try (TaskScope scope = TaskScope.open("test")) {
            Task<DigestListing> listing =
                    scope.start(
                            "listing",
                            () -> {
                                begun.countDown();
                                awaitDeafly(cancelled);
                                DigestListing list =
                                        DigestListing.of(
                                                new DigestArguments(root.toString(), 1, false));
                                listed.set(true);
                                return list;
                            });
            begun.await();
            listing.cancel(false);
            cancelled.countDown();

            assertInstanceOf(Outcome.Cancelled.class, listing.joinOutcome());
            assertFalse(listed.get(), "the listing went on to its end");
        }
    }

    private DigestRun stoppedWhen(
            CountDownLatch reached, DigestReader reader, OptionalInt barWidth, String... options)
            throws InterruptedException {
        String[] args = Arrays.copyOf(options, options.length + 1);
        args[options.length] = root.toString();
        try (TaskScope scope = TaskScope.open("test")) {
            Task<DigestRun> run =
                    scope.start(() -> DigestRun.with(new Digest(reader, barWidth, stop), args));
            reached.await();
            stop.request();
            return run.join();
        }
    }

    private static DigestChannel heldForever(Path file, CountDownLatch held) throws IOException {
        return new DigestChannel(
                DigestReader.openFile(file),
                () -> {
                    held.countDown();
                    new CountDownLatch(1).await();
                },
                () -> {});
    }

    private static void awaitDeafly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has more, and takes no notice of the first interrupt; only a reader that does not either sees the end. */
    private static final class Endless implements ReadableByteChannel {
        private final CountDownLatch reading;
        private boolean interrupted;

        Endless(CountDownLatch reading) {
            this.reading = reading;
        }

        @Override
        public int read(ByteBuffer block) {
            reading.countDown();
            if (interrupted) {
                return -1;
            }
            interrupted = Thread.currentThread().isInterrupted();
            int count = block.remaining();
            block.position(block.limit());
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
