package stranger;

import io.github.coro4j.Task;

/** Compiled and run on the module path by ModulePathTest. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.out.println(Task.start(() -> 42).joinOutcome());
    }
}
