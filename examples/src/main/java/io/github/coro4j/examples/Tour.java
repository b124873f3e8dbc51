package io.github.coro4j.examples;

import java.io.PrintStream;

/**
 * Plays the examples of five tutorials on Python's asyncio (SuperFastPython, 2022 and 2023), each under a heading that
 * names its tutorial and itself, so that you can hold what it prints beside what the tutorial prints.
 *
 * <p>The lines come in the tutorial's order. Python gets that order from its one thread; here bodies run in parallel, so
 * where order is shown it is made: with {@link TourTurns}, with a {@link io.github.coro4j.Promise} that somebody waits for,
 * or by closing a scope, which waits for tasks and callbacks. It never hangs on time: a sleep could have any length.
 *
 * <p>Where Python prints a traceback this prints the exception. A line in parentheses stands where the Java program would
 * not compile.
 */
public final class Tour {
    private Tour() {}

    public static void main(String[] args) {
        play(System.out);
    }

    /** Plays all examples, in the order of the tutorials. */
    public static void play(PrintStream out) {
        TourStage stage = new TourStage(out);

        stage.tutorial("Asyncio gather() Add Done Callback Function", "", "");
        new TourOfGatherCallbacks(stage).play();

        stage.tutorial(
                "How to Use Asyncio Task Done Callback Functions",
                "main coroutine started",
                "main coroutine done");
        new TourOfTaskCallbacks(stage).play();

        stage.tutorial(
                "How to Run asyncio.gather() in the Background", "Main starting", "Main done");
        new TourOfGatherInTheBackground(stage).play();

        stage.tutorial(
                "How to Await Asyncio Tasks Concurrently with asyncio.gather()",
                "main starting",
                "main done");
        TourOfGather gather = new TourOfGather(stage);
        gather.playExamples();
        new TourOfGatherFailures(stage).play();
        gather.playCommonErrors();

        stage.tutorial("Asyncio gather() Return Values", "Main starting", "Main done");
        new TourOfReturnValues(stage).play();
    }
}
