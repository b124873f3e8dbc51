package io.github.coro4j.interop.chaos;

/** What a body, a callback or an executor of the chaos throws; each is thrown once, so that it can be told from the others. */
final class ChaosFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ChaosFailure(String what) {
        super(what);
    }
}
