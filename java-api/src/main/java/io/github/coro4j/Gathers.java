package io.github.coro4j;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collector;
import org.jspecify.annotations.Nullable;

/** Creates the gathers that the static methods of {@link Gather} return. */
final class Gathers {
    private Gathers() {}

    static <T extends @Nullable Object> Gather<T> of(
            Iterable<? extends Future<? extends T>> children) {
        Arguments.notNull(children, "children", "an empty list is fine");
        List<Future<? extends T>> list = new ArrayList<>(Arguments.capacity(children));
        Iterator<? extends Future<? extends T>> iterator = children.iterator();
        Arguments.notNull(iterator, "children.iterator()", "an empty one is fine");
        while (iterator.hasNext()) {
            Future<? extends T> child = iterator.next();
            Arguments.notNullAt(child, "children", list.size());
            list.add(child);
        }
        return EngineLookup.engine().gather(list);
    }

    static <K extends @Nullable Object, T extends @Nullable Object> KeyedGather<K, T> keyed(
            Map<? extends K, ? extends Future<? extends T>> children) {
        Arguments.notNull(children, "children", "an empty map is fine");
        int capacity = Arguments.capacity(children.keySet());
        List<K> keys = new ArrayList<>(capacity);
        List<Future<? extends T>> futures = new ArrayList<>(capacity);
        for (Map.Entry<? extends K, ? extends Future<? extends T>> each : children.entrySet()) {
            Arguments.notNullUnder(each.getValue(), "children", each.getKey());
            keys.add(each.getKey());
            futures.add(each.getValue());
        }
        return EngineLookup.engine().keyedGather(keys, futures);
    }

    static <T extends @Nullable Object> Collector<Future<? extends T>, ?, Gather<T>> collector() {
        return Collector.<Future<? extends T>, List<Future<? extends T>>, Gather<T>>of(
                ArrayList::new,
                List::add,
                (one, other) -> {
                    one.addAll(other);
                    return one;
                },
                Gather::of);
    }

    static <E, K extends @Nullable Object, T extends @Nullable Object>
            Collector<E, ?, KeyedGather<K, T>> keyedCollector(
                    Function<? super E, ? extends K> keyOf,
                    Function<? super E, ? extends Future<? extends T>> futureOf) {
        Arguments.notNull(keyOf, "keyOf", "give the key of an element");
        Arguments.notNull(futureOf, "futureOf", "give the future of an element");
        return Collector.<E, Map<K, Future<? extends T>>, KeyedGather<K, T>>of(
                LinkedHashMap::new,
                (map, each) -> Arguments.putNew(map, keyOf.apply(each), futureOf.apply(each)),
                (one, other) -> {
                    other.forEach((key, future) -> Arguments.putNew(one, key, future));
                    return one;
                },
                Gather::keyed);
    }
}
