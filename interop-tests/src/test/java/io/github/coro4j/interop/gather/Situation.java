package io.github.coro4j.interop.gather;

import java.util.List;

/**
 * What may happen to the children {@code A}, {@code B} and {@code C} of a group. Each is played under each policy. The
 * text says what the children do unless the group stops them.
 */
enum Situation {
    ALL_SUCCEED("All succeed: first A, then B, then C") {
        @Override
        void play(GroupRun run) {
            run.start("ok", "ok", "ok");
            run.end("A", "B", "C");
        }
    },
    ALL_SUCCEED_BACKWARDS("All succeed: first C, then B, then A") {
        @Override
        void play(GroupRun run) {
            run.start("ok", "ok", "ok");
            run.end("C", "B", "A");
        }
    },
    ONE_FAILS_EARLY("B fails first, then A and C succeed") {
        @Override
        void play(GroupRun run) {
            run.start("ok", "fails", "ok");
            run.end("B", "A", "C");
        }
    },
    ONE_FAILS_LATE("A and C succeed, then B fails") {
        @Override
        void play(GroupRun run) {
            run.start("ok", "fails", "ok");
            run.end("A", "C", "B");
        }
    },
    ALL_FAIL("All fail: first B, then A, then C") {
        @Override
        void play(GroupRun run) {
            run.start("fails", "fails", "fails");
            run.end("B", "A", "C");
        }
    },
    CHILD_CANCELLED("Your code cancels B, then A and C succeed") {
        @Override
        void play(GroupRun run) {
            run.start("ok", "ok", "ok");
            run.cancelChild("B");
            run.end("A", "C");
        }
    },
    CANCELLED_BEFORE_START("Your code cancels the future before a child starts") {
        @Override
        void play(GroupRun run) {
            run.hold();
            run.start("ok", "ok", "ok");
            run.cancelGroup();
            run.letGo();
        }
    },
    CANCELLED_WHILE_RUNNING("Your code cancels the future while all run") {
        @Override
        void play(GroupRun run) {
            run.start("ok", "ok", "ok");
            run.cancelGroup();
        }
    },
    CANCELLED_AFTER_FAILURE(
            "B fails, then your code cancels the future; A and C need long to stop") {
        @Override
        void play(GroupRun run) {
            run.start("slow", "fails", "slow");
            run.end("B");
            run.cancelGroup();
        }
    },
    SWALLOWS("Your code cancels the future, and A ignores the cancel and returns") {
        @Override
        void play(GroupRun run) {
            run.start("stubborn", "ok", "ok");
            run.cancelGroup();
        }
    },
    CLEAN_UP_THROWS("Your code cancels the future, and A throws while it cleans up") {
        @Override
        void play(GroupRun run) {
            run.start("messy", "ok", "ok");
            run.cancelGroup();
        }
    },
    STOPPED_CLEAN_UP_THROWS("B succeeds, then C, then A; A throws if it is stopped") {
        @Override
        void play(GroupRun run) {
            run.start("messy", "ok", "ok");
            run.end("B", "C", "A");
        }
    },
    NO_CHILD("There is no child") {
        @Override
        void play(GroupRun run) {
            run.start();
        }
    },
    DONE_CHILDREN("All have ended before the call: A and C succeeded, B failed") {
        @Override
        void play(GroupRun run) {
            run.startDone("ok", "fails", "ok");
        }
    },
    NESTED("B is a gather of two and fails first, then A and C succeed") {
        @Override
        void play(GroupRun run) {
            run.startFutures(List.of(0, 1, 2), "ok", "group", "ok");
            run.end("B", "A", "C");
        }
    },
    TIMEOUT("A has succeeded, then the time is over") {
        @Override
        void play(GroupRun run) {
            run.startLate("A", "ok", "ok", "ok");
        }
    },
    TIMEOUT_AFTER_FAILURE("B has failed, then the time is over; A and C need long to stop") {
        @Override
        void play(GroupRun run) {
            run.startLate("B", "slow", "fails", "slow");
        }
    },
    DUPLICATE("The children are A, B and A again: first A succeeds, then B") {
        @Override
        void play(GroupRun run) {
            run.startFutures(List.of(0, 1, 0), "ok", "ok");
            run.end("A", "B");
        }
    };

    final String text;

    /** Returns whether the children exist before the group. */
    boolean isOverFutures() {
        return this == DONE_CHILDREN
                || this == DUPLICATE
                || this == NESTED
                || this == TIMEOUT
                || this == TIMEOUT_AFTER_FAILURE;
    }

    Situation(String text) {
        this.text = text;
    }

    abstract void play(GroupRun run);
}
