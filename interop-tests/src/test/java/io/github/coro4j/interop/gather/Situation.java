package io.github.coro4j.interop.gather;

import java.util.List;

/** What may happen to the children {@code A}, {@code B} and {@code C} of a group. Each is played under each policy. */
enum Situation {
    ALL_SUCCEED("all succeed, A first") {
        @Override
        void play(GroupRun run) {
            run.start("ok", "ok", "ok");
            run.end("A", "B", "C");
        }
    },
    ALL_SUCCEED_BACKWARDS("all succeed, C first") {
        @Override
        void play(GroupRun run) {
            run.start("ok", "ok", "ok");
            run.end("C", "B", "A");
        }
    },
    ONE_FAILS_EARLY("B fails first") {
        @Override
        void play(GroupRun run) {
            run.start("ok", "fails", "ok");
            run.end("B", "A", "C");
        }
    },
    ONE_FAILS_LATE("B fails last") {
        @Override
        void play(GroupRun run) {
            run.start("ok", "fails", "ok");
            run.end("A", "C", "B");
        }
    },
    ALL_FAIL("all fail, B first") {
        @Override
        void play(GroupRun run) {
            run.start("fails", "fails", "fails");
            run.end("B", "A", "C");
        }
    },
    CHILD_CANCELLED("B is cancelled first") {
        @Override
        void play(GroupRun run) {
            run.start("ok", "ok", "ok");
            run.cancelChild("B");
            run.end("A", "C");
        }
    },
    CANCELLED_BEFORE_START("the group is cancelled before a body begins") {
        @Override
        void play(GroupRun run) {
            run.hold();
            run.start("ok", "ok", "ok");
            run.cancelGroup();
            run.letGo();
        }
    },
    CANCELLED_WHILE_RUNNING("the group is cancelled while all run") {
        @Override
        void play(GroupRun run) {
            run.start("ok", "ok", "ok");
            run.cancelGroup();
        }
    },
    CANCELLED_AFTER_FAILURE("B fails, and the group is cancelled before A and C can have stopped") {
        @Override
        void play(GroupRun run) {
            run.start("slow", "fails", "slow");
            run.end("B");
            run.cancelGroup();
        }
    },
    SWALLOWS("the group is cancelled, and A returns all the same") {
        @Override
        void play(GroupRun run) {
            run.start("stubborn", "ok", "ok");
            run.cancelGroup();
        }
    },
    CLEAN_UP_THROWS("the group is cancelled, and A throws as it cleans up") {
        @Override
        void play(GroupRun run) {
            run.start("messy", "ok", "ok");
            run.cancelGroup();
        }
    },
    STOPPED_CLEAN_UP_THROWS("B succeeds first, and A throws if it is stopped") {
        @Override
        void play(GroupRun run) {
            run.start("messy", "ok", "ok");
            run.end("B", "C", "A");
        }
    },
    NO_CHILD("there is no child") {
        @Override
        void play(GroupRun run) {
            run.start();
        }
    },
    DONE_CHILDREN("all have ended before, B failed") {
        @Override
        void play(GroupRun run) {
            run.startDone("ok", "fails", "ok");
        }
    },
    NESTED("B is a group of two that fails first") {
        @Override
        void play(GroupRun run) {
            run.startFutures(List.of(0, 1, 2), "ok", "group", "ok");
            run.end("B", "A", "C");
        }
    },
    TIMEOUT("A has succeeded, and B and C run, when the time is over") {
        @Override
        void play(GroupRun run) {
            run.startLate("ok", "ok", "ok");
        }
    },
    DUPLICATE("the children are A, B and A again; A ends first") {
        @Override
        void play(GroupRun run) {
            run.startFutures(List.of(0, 1, 0), "ok", "ok");
            run.end("A", "B");
        }
    };

    final String text;

    /** Returns whether the children exist before the group. */
    boolean isOverFutures() {
        return this == DONE_CHILDREN || this == DUPLICATE || this == NESTED || this == TIMEOUT;
    }

    Situation(String text) {
        this.text = text;
    }

    abstract void play(GroupRun run);
}
