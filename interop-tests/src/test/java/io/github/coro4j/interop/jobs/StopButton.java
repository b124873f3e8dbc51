package io.github.coro4j.interop.jobs;

/** A button of a user interface. The test clicks it. */
final class StopButton {
    private Runnable action;

    void onClick(Runnable action) {
        this.action = action;
    }

    void click() {
        action.run();
    }
}
