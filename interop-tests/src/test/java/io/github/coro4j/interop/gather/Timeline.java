package io.github.coro4j.interop.gather;

import io.github.coro4j.TaskEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * What was seen of a group, moment by moment.
 *
 * @param moments the moments in their order, from the call of the policy to the end of the last child
 */
record Timeline(List<Moment> moments) {

    /** What a child does or how it has ended. */
    enum State {
        RUNS("runs", "start", "#57606a"),
        STOPPING("stopping", "is being stopped", "#57606a"),
        SUCCEEDED("succeeds", "succeed", "#1a7f37"),
        FAILED("fails", "fail", "#cf222e"),
        CANCELLED("cancelled", "have stopped", "#57606a");

        final String text;
        final String color;
        private final String ofSeveral;

        State(String text, String ofSeveral, String color) {
            this.text = text;
            this.ofSeveral = ofSeveral;
            this.color = color;
        }

        static State of(TaskEvent.End end) {
            return switch (end) {
                case SUCCESS -> SUCCEEDED;
                case FAILURE -> FAILED;
                case CANCELLED -> CANCELLED;
            };
        }

        boolean isEnd() {
            return this != RUNS && this != STOPPING;
        }

        /** Says that the children are in this state now. */
        String of(List<String> names) {
            String all = String.join(" and ", names);
            if (names.size() > 1) {
                return all + " " + ofSeveral;
            }
            return all + " " + (this == CANCELLED ? "has stopped" : text);
        }
    }

    /**
     * What was seen at one moment.
     *
     * @param children the state of each child
     * @param future the end of the group's future, or the empty text
     */
    record Moment(List<State> children, String future) {}

    int children() {
        return moments.get(0).children().size();
    }

    State state(int moment, int child) {
        return moments.get(moment).children().get(child);
    }

    /** Returns the first moment at which the child has ended. */
    int endOf(int child) {
        int moment = 0;
        while (!state(moment, child).isEnd()) {
            moment++;
        }
        return moment;
    }

    /** Returns the first moment at which the child was being stopped, or its end if there is none. */
    int stopOf(int child) {
        int moment = 0;
        while (state(moment, child) == State.RUNS) {
            moment++;
        }
        return moment;
    }

    /** Returns the first moment at which the group's future had ended. */
    int endOfFuture() {
        int moment = 0;
        while (moments.get(moment).future().isEmpty()) {
            moment++;
        }
        return moment;
    }

    String future() {
        return moments.get(endOfFuture()).future();
    }

    /** Says which children have ended at a moment, and how. */
    String newEnds(int moment) {
        List<String> texts = new ArrayList<>();
        for (State state : State.values()) {
            List<String> names = new ArrayList<>();
            for (int child = 0; child < children(); child++) {
                if (endOf(child) == moment && state(moment, child) == state) {
                    names.add(GroupRun.NAMES.substring(child, child + 1));
                }
            }
            if (!names.isEmpty()) {
                texts.add(state.of(names));
            }
        }
        return String.join(", ", texts);
    }

    /** Tells the whole story in sentences. */
    String story() {
        StringBuilder story = new StringBuilder("All children start.");
        for (int moment = 1; moment < moments.size(); moment++) {
            story.append(' ').append(newEnds(moment));
            story.append(moment == endOfFuture() ? ", and the future " + future() + "." : ".");
        }
        return story.toString();
    }
}
