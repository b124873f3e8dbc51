package com.example.headlines;

import io.github.coro4j.Registration;
import io.github.coro4j.Task;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;

/** Reads the first line of a page. */
final class HttpSource implements Source {
    private static final String PAGES = "https://example.com/headlines/";
    private static final int TIMEOUT_MILLIS = 5_000;

    private final String topic;

    HttpSource(String topic) {
        this.topic = topic;
    }

    @Override
    public String name() {
        return topic;
    }

    @Override
    public String headline() throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(PAGES + topic).openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        // An interrupt does not end a read of a socket, so a cancel disconnects.
        Registration hook = Task.onCancel(connection::disconnect);
        try (BufferedReader page =
                new BufferedReader(
                        new InputStreamReader(
                                connection.getInputStream(), StandardCharsets.UTF_8))) {
            String line = page.readLine();
            if (line == null) {
                throw new EOFException("the page is empty");
            }
            return line;
        } finally {
            hook.close();
            connection.disconnect();
        }
    }
}
