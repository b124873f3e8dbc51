package com.example.headlines;

import java.io.IOException;

/** A place that has a headline. */
public interface Source {
    /** {@return the name of this source, as the screen shows it} */
    String name();

    /**
     * Asks for the headline, and blocks until it is there.
     *
     * @throws IOException if the source cannot be reached
     * @throws InterruptedException if the caller was cancelled meanwhile
     */
    String headline() throws IOException, InterruptedException;
}
