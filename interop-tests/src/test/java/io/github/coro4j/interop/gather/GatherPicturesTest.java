package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Svg;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Draws the pictures of docs/gather.md from what happens, and compares them with the committed files. */
@Timeout(60)
class GatherPicturesTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** One telling situation for each policy. */
    enum Scene {
        ALL("all()", "ok fails ok", "B A C"),
        FAIL_FAST("failFast()", "slow fails slow", "B"),
        SETTLED("settled()", "ok fails ok", "A B C"),
        FIRST_SUCCESS("firstSuccess()", "ok fails slow", "B A"),
        FIRST_DONE("firstDone()", "slow fails slow", "B"),
        AT_LEAST("atLeast(2)", "ok slow ok", "A C"),
        UNTIL("until(FIRST_DONE)", "ok ok ok", "A B C");

        private final String policy;
        private final String[] kinds;
        private final String[] ends;

        /**
         * @param policy the name of the policy
         * @param kinds the kind of the body of each child; a slow one takes its time to stop
         * @param ends the children that end without a cancel, in this order
         */
        Scene(String policy, String kinds, String ends) {
            this.policy = policy;
            this.kinds = kinds.split(" ");
            this.ends = ends.split(" ");
        }

        private Timeline play(GroupRun run) {
            List<Timeline.Moment> moments = new ArrayList<>();
            run.start(kinds);
            moments.add(run.look());
            for (String child : ends) {
                run.end(child);
                moments.add(run.look());
            }
            if (List.of(kinds).contains("slow")) {
                run.finishCleanUp();
                moments.add(run.look());
            }
            run.end(); // checks that no failure is lost
            return new Timeline(moments);
        }

        private String file() {
            return "gather-" + policy.substring(0, policy.indexOf('(')) + ".svg";
        }
    }

    @ParameterizedTest
    @EnumSource
    void thePictureShowsWhatHappens(Scene scene) throws IOException {
        String picture = draw(scene, Origin.EXISTING);
        for (Origin other : List.of(Origin.STARTED, Origin.ASYNC)) {
            assertEquals(picture, draw(scene, other), "the picture of " + other);
        }
        Svg.assertCommitted(scene.file(), picture);
    }

    private String draw(Scene scene, Origin origin) {
        try (GroupRun run = new GroupRun(leaks, origin, Policies.ALL.get(scene.policy))) {
            return TimelinePicture.of(scene.policy, scene.play(run));
        }
    }
}
