package io.github.coro4j.interop.context;

import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import java.io.IOException;
import java.util.List;

/** Code that throws but is no body, with the beginning of its report. */
enum FailingCode {
    CALLBACK("CALLBACK_FAILED of promise \"answer\"") {
        @Override
        void fail(TaskScope scope, Promise<String> promise, IOException boom) {
            promise.addDoneCallback(
                    done -> {
                        throw new IllegalStateException(boom);
                    });
            promise.complete("value");
        }
    },
    ON_SUCCESS("CALLBACK_FAILED of promise \"answer\"") {
        @Override
        void fail(TaskScope scope, Promise<String> promise, IOException boom) {
            promise.complete("value");
            promise.onSuccess(
                    value -> {
                        throw new IllegalStateException(boom);
                    });
        }
    },
    PROGRESS_LISTENER("CALLBACK_FAILED of gather \"prices\"") {
        @Override
        void fail(TaskScope scope, Promise<String> promise, IOException boom) {
            scope.gather(List.of(1), item -> item)
                    .onProgress(
                            progress -> {
                                throw new IllegalStateException(boom);
                            })
                    .named("prices")
                    .all()
                    .join();
        }
    },
    CANCEL_HOOK("CANCEL_HOOK_FAILED of task \"work\"") {
        @Override
        void fail(TaskScope scope, Promise<String> promise, IOException boom) {
            Gate gate = new Gate();
            Task<Void> task =
                    scope.launch(
                            "work",
                            () -> {
                                Task.onCancel(
                                        () -> {
                                            throw boom;
                                        });
                                gate.pass();
                            });
            gate.awaitReached();
            task.cancel("enough");
        }
    };

    /** The beginning of the report. */
    final String report;

    FailingCode(String report) {
        this.report = report;
    }

    /** Lets the code throw. */
    abstract void fail(TaskScope scope, Promise<String> promise, IOException boom) throws Exception;
}
