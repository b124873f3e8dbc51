/** Virtual time, checks for leaks, and assertions for JUnit Jupiter. */
module io.github.coro4j.test {
    requires static org.jspecify;
    requires static kotlinx.coroutines.test;
    requires transitive io.github.coro4j;
    requires transitive org.junit.jupiter.api;

    exports io.github.coro4j.test;
}
