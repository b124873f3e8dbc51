package io.github.coro4j.test

/**
 * Runs [test], checks for leaks unless [allowsLeaks] or [test] has failed, and closes [scope]. What
 * fails later is attached to what failed first.
 */
internal fun closingAfter(scope: TestScope, allowsLeaks: Boolean, test: () -> Unit) {
    var failed: Throwable? = null
    fun step(code: () -> Unit) {
        try {
            code()
        } catch (e: Throwable) {
            val first = failed
            if (first == null) failed = e else if (first !== e) first.addSuppressed(e)
        }
    }
    step(test)
    val seen = scope.failures()
    if (failed == null && !allowsLeaks) step(scope::assertNoLeaks)
    step(scope::close)
    if (failed == null && !allowsLeaks)
        step { LeakCheck.throwIfReported(scope.viewed(), scope.failures().filter { it !in seen }) }
    failed?.let { throw it }
}
