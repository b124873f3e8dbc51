package io.github.coro4j.test

import org.junit.jupiter.api.TestTemplate
import org.junit.jupiter.api.extension.ExtendWith

/**
 * Gives tests a [TestScope]. On a class, each `@Test` method gets one. On a method, the annotation
 * replaces `@Test`. The methods of the test, of `@BeforeEach` and of `@AfterEach` can have the
 * scope as a parameter, and run inside it: see [TestScope.runInside]. At the end of each test its
 * leaks fail it, unless it has failed already, and the scope is closed.
 *
 * ```java
 * @Coro4jTest
 * class CheckoutTest {
 *     @Test
 *     void givesUpAfterThirtySeconds(TestScope scope) {
 *         Future<Receipt> receipt = new Checkout(scope, neverAnswers).pay();
 *         scope.advanceBy(Duration.ofSeconds(30));
 *         assertTimedOut(receipt);
 *     }
 * }
 * ```
 *
 * A leak is a task, a group, a timer or a callback of the scope that has not ended; a scope that is
 * still open; and a failure that no code has read. Scopes that were opened on threads outside the
 * test scope count too, unless JUnit runs tests in parallel.
 *
 * On a method, [seeds] runs the test with a [ControlledExecutor] for each seed from 0 on. The
 * display name of each run is its seed, and a failure has the seed as a suppressed exception.
 * [seed] repeats that run.
 *
 * @property seeds number of runs, each with its seed; 0 for one run on the engine's pool
 * @property seed the seed of the only run; negative for none
 * @property guardSeconds how long advancing waits for bodies, in seconds of real time
 */
@Target(AnnotationTarget.CLASS, AnnotationTarget.FUNCTION)
@Retention(AnnotationRetention.RUNTIME)
@TestTemplate
@ExtendWith(Coro4jExtension::class)
public annotation class Coro4jTest(
    val seeds: Int = 0,
    val seed: Long = -1,
    val guardSeconds: Int = 5,
)

/**
 * Allows a test, or all tests of a class, to leave something behind. The test scope is closed all
 * the same.
 *
 * @property value the reason
 */
@Target(AnnotationTarget.CLASS, AnnotationTarget.FUNCTION)
@Retention(AnnotationRetention.RUNTIME)
public annotation class AllowLeaks(val value: String)
