package io.github.coro4j.interop.chaos;

/** What a body, a callback or an executor of the chaos throws; each is thrown once, so that it can be told from the others. */
final class ChaosFailure extends RuntimeException implements Marked {
    private static final long serialVersionUID = 1L;
    private final transient RoundMark mark = RoundMark.current();

    ChaosFailure(String what) {
        super(what);
    }

    @Override
    public RoundMark mark() {
        return mark;
    }
}
