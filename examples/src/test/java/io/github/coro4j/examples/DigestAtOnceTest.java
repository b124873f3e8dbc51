package io.github.coro4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DigestAtOnceTest {
    @TempDir Path root;
    private DigestTree tree;

    @Test
    void readsExactlyAsManyAtOnceAsAskedFor() {
        fill(12);
        Together together = new Together(3);

        DigestRun run = DigestRun.with(together::open, "--at-once", "3", root.toString());

        assertEquals(3, together.most.get());
        assertEquals(tree.sums(root + "/"), run.out());
    }

    @Test
    void readsEightAtOnceByDefault() {
        fill(24);
        Together together = new Together(8);

        DigestRun run = DigestRun.with(together::open, root.toString());

        assertEquals(8, together.most.get());
        assertEquals(tree.sums(root + "/"), run.out());
    }

    @Test
    void readsOneAfterAnotherInTheOrderOfThePaths() {
        fill(3);
        List<String> steps = Collections.synchronizedList(new ArrayList<>());
        DigestReader reader =
                file -> {
                    steps.add("open " + file.getFileName());
                    return new DigestChannel(
                            DigestReader.openFile(file),
                            () -> {},
                            () -> steps.add("close " + file.getFileName()));
                };

        DigestRun.with(reader, "--at-once=1", root.toString());

        assertEquals(
                List.of("open 10", "close 10", "open 11", "close 11", "open 12", "close 12"),
                steps);
    }

    private void fill(int count) {
        tree = new DigestTree(root);
        for (int i = 0; i < count; i++) {
            tree.add(Integer.toString(10 + i), "x");
        }
    }

    /** Files of which each waits until a whole group is open: with fewer at once the program would stand still. */
    private static final class Together {
        private final AtomicInteger open = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();
        private final CyclicBarrier group;

        Together(int size) {
            group = new CyclicBarrier(size);
        }

        DigestChannel open(Path file) throws IOException {
            int now = open.incrementAndGet();
            most.accumulateAndGet(now, Math::max);
            boolean[] met = {false};
            return new DigestChannel(
                    DigestReader.openFile(file),
                    () -> {
                        if (!met[0]) {
                            met[0] = true;
                            meet();
                        }
                    },
                    open::decrementAndGet);
        }

        private void meet() throws InterruptedException {
            try {
                group.await();
            } catch (BrokenBarrierException e) {
                throw new AssertionError(e);
            }
        }
    }
}
