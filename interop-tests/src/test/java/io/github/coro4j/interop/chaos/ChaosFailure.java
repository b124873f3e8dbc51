package io.github.coro4j.interop.chaos;

/**
 * An exception of a body, a callback or an executor of a round. Each object is thrown once, so the books can tell it from
 * others.
 */
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
