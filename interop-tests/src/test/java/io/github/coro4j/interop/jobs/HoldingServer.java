package io.github.coro4j.interop.jobs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * An HTTP server that holds some requests: it never answers them, and sees when their client hangs up. The HTTP server of
 * the JDK does not see that, so this one reads the sockets itself.
 */
final class HoldingServer implements AutoCloseable {
    private final ServerSocket server;
    private final Function<String, String> answers;
    private final List<Socket> sockets = new ArrayList<>();
    private int requests;
    private int held;
    private int gone;

    /** Starts the server. The function returns the answer to a path, or null to hold the request. */
    HoldingServer(Function<String, String> answers) throws IOException {
        this.answers = answers;
        server = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
        daemon("server", this::accept);
    }

    String url(String path) {
        return "http://"
                + server.getInetAddress().getHostAddress()
                + ":"
                + server.getLocalPort()
                + path;
    }

    /** Returns how many requests have come. */
    synchronized int requests() {
        return requests;
    }

    /** Waits until this many requests have come. */
    synchronized void awaitRequests(int count) {
        while (requests < count) {
            waitForChange();
        }
    }

    /** Waits until the server has held this many requests. */
    synchronized void awaitHeld(int count) {
        while (held < count) {
            waitForChange();
        }
    }

    /** Waits until the clients of this many held requests have hung up. */
    synchronized void awaitGone(int count) {
        while (gone < count) {
            waitForChange();
        }
    }

    private void waitForChange() {
        try {
            wait();
        } catch (InterruptedException e) {
            throw new AssertionError(
                    requests + " requests, " + held + " held, " + gone + " gone", e);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                synchronized (this) {
                    sockets.add(socket);
                }
                daemon("connection", () -> serve(socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String path = line.split(" ")[1];
                while (!in.readLine().isEmpty()) {
                    // The headers do not matter.
                }
                String answer = answers.apply(path);
                count(answer == null);
                if (answer == null) {
                    hold(in);
                    return;
                }
                String head = "HTTP/1.1 200 OK\r\nContent-Length: " + answer.length() + "\r\n\r\n";
                socket.getOutputStream().write((head + answer).getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            // The client has closed a connection that it kept for later.
        }
    }

    private synchronized void count(boolean isHeld) {
        requests++;
        held += isHeld ? 1 : 0;
        notifyAll();
    }

    private void hold(BufferedReader in) {
        try {
            in.readLine(); // ends when the client hangs up
        } catch (IOException reset) {
            // This is an end too.
        }
        synchronized (this) {
            gone++;
            notifyAll();
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public synchronized void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
