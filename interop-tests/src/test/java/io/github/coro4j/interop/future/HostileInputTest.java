package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.lang.reflect.Modifier;
import java.util.AbstractCollection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R3: arguments may break their own contract, and each error still says on one line what is wrong. */
class HostileInputTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** A collection whose size is a lie. */
    private static final class Lying<T> extends AbstractCollection<T> {
        private final List<T> items;
        private final int size;

        Lying(List<T> items, int size) {
            this.items = items;
            this.size = size;
        }

        @Override
        public Iterator<T> iterator() {
            return items.iterator();
        }

        @Override
        public int size() {
            return size;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, 0, 1, 5, Integer.MAX_VALUE})
    @Rule(18)
    void collectionWithAWrongSize_isReadByItsIterator(int size) throws Exception {
        List<String> three = List.of("a", "b", "c");
        List<Future<String>> futures = three.stream().map(Future::completed).toList();
        try (TaskScope scope = leaks.open("scope")) {
            assertEquals(three, scope.gather(new Lying<>(three, size), x -> x).all().join());
            assertEquals(
                    three,
                    scope.gather(new Lying<>(three, size), x -> x).concurrency(1).all().join());
            assertEquals(three, Gather.of(new Lying<>(futures, size)).all().join());
            ExecutorService view = scope.asExecutorService();
            List<Callable<String>> bodies =
                    three.stream().<Callable<String>>map(x -> () -> x).toList();
            assertEquals(3, view.invokeAll(new Lying<>(bodies, size)).size());
            assertEquals("a".length(), view.invokeAny(new Lying<>(bodies, size)).length());
        }
    }

    @Test
    @Rule(3)
    void nullIterator_isNamedInTheError() {
        Iterable<String> items = () -> null;
        Iterable<Future<String>> futures = () -> null;
        try (TaskScope scope = leaks.open("scope")) {
            assertNamed("items.iterator()", () -> scope.gather(items, x -> x).all());
            assertNamed("children.iterator()", () -> Gather.of(futures));
        }
    }

    private static void assertNamed(String name, Runnable call) {
        NullPointerException e = assertThrows(NullPointerException.class, call::run);
        assertTrue(e.getMessage().startsWith(name + " must not be null"), e::getMessage);
    }

    @Test
    @Rule(3)
    void keyInAMessage_isOnOneLineAndItsToStringMayThrow() {
        Map<Object, Future<String>> lines = new HashMap<>();
        lines.put("two\nlines", null);
        String text =
                assertThrows(NullPointerException.class, () -> Gather.keyed(lines)).getMessage();
        assertTrue(text.contains("children[two\\u000alines]"), text);
        Object broken =
                new Object() {
                    @Override
                    public String toString() {
                        throw new IllegalStateException("no text");
                    }
                };
        Map<Object, Future<String>> map = Collections.singletonMap(broken, null);
        text = assertThrows(NullPointerException.class, () -> Gather.keyed(map)).getMessage();
        assertTrue(text.contains(broken.getClass().getName()), text);
        text =
                assertThrows(
                                IllegalStateException.class,
                                () ->
                                        Stream.of(1, 2)
                                                .collect(
                                                        Gather.toKeyedGather(
                                                                x -> "a\rb",
                                                                x -> Future.completed(x))))
                        .getMessage();
        assertTrue(text.contains("a\\u000db"), text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n",
                "\r",
                "\u0085",
                "\u2028",
                "\u2029",
                "\u061c",
                "\u200e",
                "\u200f",
                "\u202e",
                "\u2066",
                "\u2069",
                "\u206a",
                "\u00ad",
                "\u200b",
                "\ufeff",
                "\u001b",
                "\ud800",
                "\udb40\udc41"
            })
    @Rule(4)
    void namesAndReasons_cannotAddALineToAMessage(String hidden) {
        Promise<String> promise = Promise.create();
        promise.cancel("why" + hidden + "not");
        assertEquals(
                "why" + hidden + "not",
                ((io.github.coro4j.TaskCancelledException) promise.exception()).reason());
        assertFalse(promise.exception().getMessage().contains(hidden));
        assertFalse(promise.toString().contains(hidden));
        try (TaskScope scope = leaks.open("a" + hidden + "b")) {
            Task<String> task = scope.start("c" + hidden + "d", () -> "value");
            task.join();
            assertFalse(scope.toString().contains(hidden));
            assertFalse(task.toString().contains(hidden));
        }
    }

    /** A callback whose {@code equals} throws for any other class. */
    private record Sloppy(int number) implements Consumer<Object> {
        @Override
        public boolean equals(Object other) {
            return number == ((Sloppy) other).number;
        }

        @Override
        public int hashCode() {
            return number;
        }

        @Override
        public void accept(Object done) {}
    }

    @Test
    @Rule(14)
    void remove_ignoresABrokenEqualsOfAnotherCallback() {
        Promise<String> promise = Promise.create();
        promise.addDoneCallback(new Sloppy(1));
        promise.addDoneCallback(done -> {});
        promise.addDoneCallback(new Sloppy(1));
        Consumer<Future<String>> mine = done -> {};
        promise.addDoneCallback(mine);
        assertEquals(1, promise.removeDoneCallback(mine));
        assertEquals(2, promise.removeDoneCallback(new Sloppy(1)));
        promise.complete("done");
    }

    static Stream<Object> held() {
        TaskScope scope = TaskScope.open("held");
        Task<String> task = scope.start(() -> "value");
        task.join();
        Object[] all = {
            task,
            Promise.create(),
            Future.completed(1),
            task.map(x -> x),
            scope,
            scope.asExecutorService(),
            scope.gather(List.of(1), x -> x),
            Gather.of(task),
            Gather.keyed(Map.of("key", task)),
            Gather.of(task).asCompleted(),
            task.toCompletableFuture(),
            Promise.create().addDoneCallback(done -> {})
        };
        scope.close();
        return Stream.of(all);
    }

    /** Frameworks that write objects by their getters and public fields find no part of the engine. */
    @ParameterizedTest
    @MethodSource("held")
    void objectsOfTheUser_haveOnlyGettersOfTheApi(Object held) throws Exception {
        Set<String> found = new TreeSet<>();
        for (PropertyDescriptor each :
                Introspector.getBeanInfo(held.getClass()).getPropertyDescriptors()) {
            if (each.getReadMethod() != null && !each.getReadMethod().isSynthetic()) {
                found.add(each.getName());
            }
        }
        for (var field : held.getClass().getFields()) {
            if (!Modifier.isStatic(field.getModifiers())
                    && !Modifier.isTransient(field.getModifiers())) {
                found.add(field.getName());
            }
        }
        found.removeAll(
                Set.of(
                        "class",
                        "done",
                        "cancelled",
                        "cancelling",
                        "open",
                        "shutdown",
                        "terminated",
                        "completedExceptionally",
                        "numberOfDependents"));
        assertEquals(Set.of(), found, held.getClass().getName());
    }
}
