package io.github.coro4j.interop.context;

import io.github.coro4j.ContextPropagator;
import io.github.coro4j.FailureReport;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A setting for reports: scopes that propagate a tenant, and a failure listener that writes down the tenant of each report. */
abstract class TenantOfReports {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    final ThreadLocal<String> tenant = new ThreadLocal<>();
    final Trail heard = new Trail();
    final IOException boom = new IOException("boom");

    @AfterEach
    void holdNothing() {
        tenant.remove();
    }

    final TaskScope.Builder builder() {
        return TaskScope.builder()
                .name("page")
                .contextPropagator(ContextPropagator.of(tenant))
                .failureListener(this::hear);
    }

    final void hear(FailureReport report) {
        heard.add(report.kind() + " of " + report.label() + ", " + tenant.get());
    }

    final <T> T fail() throws IOException {
        throw boom;
    }
}
