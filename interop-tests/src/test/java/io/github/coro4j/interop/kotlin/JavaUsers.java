package io.github.coro4j.interop.kotlin;

import io.github.coro4j.Future;
import io.github.coro4j.Task;
import io.github.coro4j.coroutines.Suspend;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import kotlin.Unit;
import kotlin.coroutines.Continuation;

/** Implements in Java an interface of a Kotlin team. */
public final class JavaUsers implements Users {
    private final Future<String> loading;
    public final List<String> saved = new CopyOnWriteArrayList<>();

    /** Creates users whose {@code load} ends as the given future does. */
    public JavaUsers(Future<String> loading) {
        this.loading = loading;
    }

    @Override
    public Object load(int id, Continuation<? super String> c) {
        return Suspend.returning(c, loading);
    }

    @Override
    public Object loadAll(Continuation<? super List<String>> c) {
        return Suspend.returning(c, Task.start("loadAll", () -> List.of("a", "b")));
    }

    @Override
    public Object find(int id, Continuation<? super String> c) {
        return Suspend.returning(c, Future.<String>completed(null));
    }

    @Override
    public Object save(String name, Continuation<? super Unit> c) {
        return Suspend.returningUnit(c, Task.launch("save", () -> saved.add(name)));
    }
}
