module stranger {
    requires io.github.coro4j;
}
