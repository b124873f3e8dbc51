package io.github.coro4j.interop.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The steps of a round: a pure function of the seed. It is a tree of steps. Some steps have programs below them, for the bodies
 * that they start. The id of a step is also the number of the future that it creates. A step refers to other futures only by
 * smaller ids that are not above it in the tree. So waits form no circle, except in operations that are meant to form one.
 */
final class Plan {
    private static final int MOST_STEPS = 90;
    private static final int DEEPEST = 4;
    private static final int WEIGHTS = Operation.ALL.stream().mapToInt(Operation::weight).sum();

    /**
     * One step.
     *
     * @param id the number of the step, and of the future that it creates
     * @param operation the operation to perform
     * @param target a smaller id, from which the step searches downwards for another future; -1 for none
     * @param seed the seed of the details
     * @param programs the programs of the bodies that it starts
     */
    record Step(int id, Operation operation, int target, long seed, List<Program> programs) {
        /** Returns the detail number {@code which}, from 0 to {@code bound - 1}, the same for each call. */
        int pick(int which, int bound) {
            return new SplittableRandom(seed + which).nextInt(bound);
        }

        boolean chance(int which, int percent) {
            return pick(which, 100) < percent;
        }

        /** Returns another small step of the same kind. */
        Step other(int which) {
            return new Step(id, operation, target - which, seed + 31L * which, programs);
        }
    }

    /** The steps of a body or a thread, and its end. */
    record Program(List<Step> steps, BodyEnd end) {}

    final long seed;
    final ExecutorKind executor;
    final ExecutorKind callbackExecutor;
    final boolean hasDeadline;
    final boolean closesRootFirst;

    /** The programs of the plain threads. */
    final List<Program> actors = new ArrayList<>();

    private final SplittableRandom random;
    private int next;

    Plan(long seed) {
        this.seed = seed;
        random = new SplittableRandom(seed);
        executor = ExecutorKind.forBodies(random.nextInt(100));
        callbackExecutor = ExecutorKind.forCallbacks(random.nextInt(100));
        hasDeadline = random.nextInt(8) == 0;
        closesRootFirst = random.nextBoolean();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            actors.add(new Program(steps(0, 4 + random.nextInt(8)), BodyEnd.VALUE));
        }
    }

    int size() {
        return next;
    }

    private List<Step> steps(int depth, int count) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < count && next < MOST_STEPS; i++) {
            steps.add(step(depth));
        }
        return steps;
    }

    private Step step(int depth) {
        int id = next++;
        Operation operation = operation();
        int target = id == 0 ? -1 : Math.max(0, id - 1 - random.nextInt(Math.min(id, 12)));
        long details = random.nextLong();
        List<Program> programs = new ArrayList<>();
        if (operation.programs() > 0) {
            int count = 1 + random.nextInt(operation.programs());
            for (int i = 0; i < count; i++) {
                int steps = depth >= DEEPEST ? 0 : random.nextInt(4);
                programs.add(new Program(steps(depth + 1, steps), BodyEnd.draw(random)));
            }
        }
        return new Step(id, operation, target, details, programs);
    }

    private Operation operation() {
        int drawn = random.nextInt(WEIGHTS);
        for (Operation each : Operation.ALL) {
            drawn -= each.weight();
            if (drawn < 0) {
                return each;
            }
        }
        throw new AssertionError("the weights do not add up");
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append("seed ").append(seed).append(": bodies on ").append(executor);
        text.append(", callbacks on ").append(callbackExecutor);
        text.append(hasDeadline ? ", with a deadline" : "");
        text.append(closesRootFirst ? ", root closed first\n" : ", root closed last\n");
        for (int i = 0; i < actors.size(); i++) {
            text.append("thread ").append(i).append('\n');
            append(text, "  ", actors.get(i).steps());
        }
        return text.toString();
    }

    private static void append(StringBuilder text, String indent, List<Step> steps) {
        for (Step step : steps) {
            text.append(indent).append('#').append(step.id()).append(' ');
            text.append(step.operation().name());
            text.append(step.target() < 0 ? "\n" : " (#" + step.target() + ")\n");
            for (Program program : step.programs()) {
                append(text, indent + "    ", program.steps());
                text.append(indent).append("    ").append(program.end()).append('\n');
            }
        }
    }
}
