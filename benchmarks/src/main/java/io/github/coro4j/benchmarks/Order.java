package io.github.coro4j.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** In which order the children of a group end. */
enum Order {
    FORWARDS,
    BACKWARDS,
    RANDOM;

    int[] of(int size) {
        List<Integer> places = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            places.add(i);
        }
        if (this == BACKWARDS) {
            Collections.reverse(places);
        } else if (this == RANDOM) {
            Collections.shuffle(places, new Random(42));
        }
        return places.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
