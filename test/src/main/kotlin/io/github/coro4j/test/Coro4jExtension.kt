package io.github.coro4j.test

import io.github.coro4j.TaskScope
import io.github.coro4j.spi.EngineScope
import java.lang.reflect.Method
import java.time.Duration
import java.util.stream.LongStream
import java.util.stream.Stream
import org.junit.jupiter.api.extension.AfterEachCallback
import org.junit.jupiter.api.extension.BeforeEachCallback
import org.junit.jupiter.api.extension.ExtensionConfigurationException
import org.junit.jupiter.api.extension.ExtensionContext
import org.junit.jupiter.api.extension.InvocationInterceptor
import org.junit.jupiter.api.extension.InvocationInterceptor.Invocation
import org.junit.jupiter.api.extension.ParameterContext
import org.junit.jupiter.api.extension.ParameterResolver
import org.junit.jupiter.api.extension.ReflectiveInvocationContext
import org.junit.jupiter.api.extension.TestTemplateInvocationContext
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider

/**
 * What [Coro4jTest] registers. Register it by hand with `@RegisterExtension`, where an annotation
 * does not fit:
 * ```java
 * @RegisterExtension final Coro4jExtension coro4j = new Coro4jExtension();
 * ```
 */
public class Coro4jExtension :
    BeforeEachCallback,
    AfterEachCallback,
    ParameterResolver,
    InvocationInterceptor,
    TestTemplateInvocationContextProvider {

    // ---- the scope of a test

    override fun beforeEach(context: ExtensionContext) {
        checkSettings(context)
        running(context)
    }

    override fun afterEach(context: ExtensionContext) {
        val running = running(context)
        val allowsLeaks = allowsLeaks(context)
        namingSeed(context) {
            closingAfter(running.scope, allowsLeaks) {
                context.executionException.ifPresent { throw it }
            }
            if (!allowsLeaks && context.executionException.isEmpty) running.throwIfScopesAreOpen()
        }
    }

    /** Attaches the seed of the run to what [code] throws. */
    private fun <T> namingSeed(context: ExtensionContext, code: () -> T): T {
        try {
            return code()
        } catch (e: Throwable) {
            val seed = seedOf(context)
            if (seed != null && e.suppressed.none { it is SeedOfFailure })
                e.addSuppressed(SeedOfFailure(seed))
            throw e
        }
    }

    /** The scope of one test, and the scopes that were open before it. */
    private class Running(val scope: TestScope, private val before: Set<TaskScope>?) {
        fun throwIfScopesAreOpen() {
            val before = before ?: return
            LeakCheck.throwIfOpen(rootScopes().filter { it !in before })
        }
    }

    // The replacement came with JUnit 6, and this runs on JUnit 5.13 and later.
    @Suppress("DEPRECATION")
    private fun running(context: ExtensionContext): Running =
        context
            .getStore(NAMESPACE)
            .getOrComputeIfAbsent(context.uniqueId, { open(context) }, Running::class.java)!!

    private fun open(context: ExtensionContext): Running {
        val settings = settingsOf(context)
        val seed = seedOf(context)
        if (seed == null && settings != null && (settings.seeds > 0 || settings.seed >= 0))
            throw ExtensionConfigurationException(
                "@Coro4jTest with seeds of ${context.displayName} needs JUnit 5.13 or later, in place " +
                    "of @Test: the version that runs did not pass the seed on"
            )
        val isParallel =
            context.getConfigurationParameter(PARALLEL).map(String::toBoolean).orElse(false)
        val before = if (isParallel) null else rootScopes().toSet()
        val builder = TestScope.builder().name(context.displayName.ifBlank { "test" })
        if (settings != null) builder.guard(Duration.ofSeconds(settings.guardSeconds.toLong()))
        if (seed != null) builder.executor(ControlledExecutor.seeded(seed))
        return Running(builder.open(), before)
    }

    private fun checkSettings(context: ExtensionContext) {
        val onClass = context.requiredTestClass.getAnnotation(Coro4jTest::class.java) ?: return
        if (onClass.seeds != 0 || onClass.seed >= 0)
            throw ExtensionConfigurationException(
                "@Coro4jTest on ${context.requiredTestClass.name} must not have seeds: a seed belongs " +
                    "to one method. Put @Coro4jTest(${textOf(onClass)}) on the method, in place of " +
                    "@Test"
            )
    }

    private fun textOf(settings: Coro4jTest) =
        if (settings.seed >= 0) "seed = ${settings.seed}" else "seeds = ${settings.seeds}"

    private fun settingsOf(context: ExtensionContext): Coro4jTest? =
        context.testMethod.map { it.getAnnotation(Coro4jTest::class.java) }.orElse(null)
            ?: context.requiredTestClass.getAnnotation(Coro4jTest::class.java)

    private fun allowsLeaks(context: ExtensionContext): Boolean {
        val allowed =
            context.testMethod.map { it.getAnnotation(AllowLeaks::class.java) }.orElse(null)
                ?: context.requiredTestClass.getAnnotation(AllowLeaks::class.java)
                ?: return false
        if (allowed.value.isBlank())
            throw ExtensionConfigurationException(
                "@AllowLeaks of ${context.displayName} must give a reason, for example " +
                    "@AllowLeaks(\"the poller runs until the JVM exits\")"
            )
        return true
    }

    // ---- parameters

    override fun supportsParameter(
        parameter: ParameterContext,
        context: ExtensionContext,
    ): Boolean =
        parameter.parameter.type.let {
            it == TestScope::class.java || it == TaskScope::class.java
        } && context.testMethod.isPresent

    override fun resolveParameter(parameter: ParameterContext, context: ExtensionContext): Any =
        running(context).scope

    // ---- methods run inside the scope

    override fun interceptBeforeEachMethod(
        invocation: Invocation<Void?>,
        method: ReflectiveInvocationContext<Method>,
        context: ExtensionContext,
    ): Unit = inside(invocation, context)

    override fun interceptTestMethod(
        invocation: Invocation<Void?>,
        method: ReflectiveInvocationContext<Method>,
        context: ExtensionContext,
    ): Unit = inside(invocation, context)

    override fun interceptTestTemplateMethod(
        invocation: Invocation<Void?>,
        method: ReflectiveInvocationContext<Method>,
        context: ExtensionContext,
    ): Unit = inside(invocation, context)

    override fun interceptAfterEachMethod(
        invocation: Invocation<Void?>,
        method: ReflectiveInvocationContext<Method>,
        context: ExtensionContext,
    ): Unit = inside(invocation, context)

    private fun inside(invocation: Invocation<Void?>, context: ExtensionContext) {
        namingSeed(context) { running(context).scope.runInside { invocation.proceed() } }
    }

    // ---- seeds

    override fun supportsTestTemplate(context: ExtensionContext): Boolean =
        context.requiredTestMethod.isAnnotationPresent(Coro4jTest::class.java)

    override fun provideTestTemplateInvocationContexts(
        context: ExtensionContext
    ): Stream<TestTemplateInvocationContext> {
        val settings = context.requiredTestMethod.getAnnotation(Coro4jTest::class.java)
        if (settings.seeds < 0)
            throw ExtensionConfigurationException(
                "@Coro4jTest(seeds = ${settings.seeds}) of ${context.displayName} must not be negative"
            )
        if (settings.seed >= 0 && settings.seeds > 0)
            throw ExtensionConfigurationException(
                "@Coro4jTest of ${context.displayName} must not have both seeds and seed: seeds " +
                    "searches, and seed repeats one run"
            )
        if (settings.seed >= 0) return Stream.of(Seeded(settings.seed))
        if (settings.seeds == 0) return Stream.of(Unseeded(context.displayName))
        return LongStream.range(0, settings.seeds.toLong()).mapToObj(::Seeded)
    }

    private class Unseeded(private val name: String) : TestTemplateInvocationContext {
        override fun getDisplayName(invocationIndex: Int): String = name
    }

    private class Seeded(private val seed: Long) : TestTemplateInvocationContext {
        override fun getDisplayName(invocationIndex: Int): String = "seed $seed"

        override fun prepareInvocation(context: ExtensionContext) {
            context.getStore(NAMESPACE).put(Seeded::class.java, seed)
        }
    }

    private companion object {
        val NAMESPACE: ExtensionContext.Namespace =
            ExtensionContext.Namespace.create(Coro4jExtension::class.java)
        const val PARALLEL = "junit.jupiter.execution.parallel.enabled"

        /** Returns the seed of the run, which is its name, or null. */
        fun seedOf(context: ExtensionContext): Long? =
            context.getStore(NAMESPACE).get(Seeded::class.java, Long::class.javaObjectType)

        fun rootScopes(): List<TaskScope> =
            (TaskScope.global() as EngineScope).ownEngine().rootScopes()
    }
}

/** Says with which seed a run has failed. */
internal class SeedOfFailure(seed: Long) :
    Exception("this run had the seed $seed; @Coro4jTest(seed = $seed) plays it again") {
    @Synchronized override fun fillInStackTrace(): Throwable = this
}
