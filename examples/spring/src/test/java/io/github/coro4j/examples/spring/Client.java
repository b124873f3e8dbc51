package io.github.coro4j.examples.spring;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A connection of its own, so that it can be hung up whenever the test wants. */
final class Client implements AutoCloseable {
    private static final byte SETTINGS = 4;
    private static final byte HEADERS = 1;
    private static final byte RST_STREAM = 3;
    private static final byte END_STREAM_AND_HEADERS = 5;

    private final Socket socket;

    Client(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
    }

    /** Asks with headers, such as {@code Accept-Language: fr}. */
    Client get(String path, String... headers) throws IOException {
        StringBuilder text = new StringBuilder("GET " + path + " HTTP/1.1\r\n");
        text.append("Host: localhost\r\nConnection: close\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        return send(text + "\r\n");
    }

    /** Asks, and leaves the connection open for a next request. */
    Client getAndStay(String path) throws IOException {
        return send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    Client post(String path, String body) throws IOException {
        String head = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
        String about = "Content-Type: text/plain\r\nContent-Length: " + body.length();
        return send(head + about + "\r\n\r\n" + body);
    }

    /** The same by HTTP/2, whose use is agreed upon beforehand: one request, as stream 1. */
    Client get2(String path) throws IOException {
        send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        frame(SETTINGS, 0, 0, new byte[0]);
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        // RFC 7541, appendix A: 2 is `:method: GET`, 6 `:scheme: http`; values for 4, `:path`, and
        // 1, `:authority`.
        headers.write(0x80 | 2);
        headers.write(0x80 | 6);
        header(headers, 4, path);
        header(headers, 1, "localhost");
        return frame(HEADERS, END_STREAM_AND_HEADERS, 1, headers.toByteArray());
    }

    /** Takes back the request that was made by HTTP/2; the connection stays. */
    void reset2() throws IOException {
        int cancel = 8;
        frame(RST_STREAM, 0, 1, ByteBuffer.allocate(4).putInt(cancel).array());
    }

    /** All that the server sends until it closes the connection. */
    String read() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** The body of the answer. */
    String readBody() throws IOException {
        String answer = read();
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    /** Reads until the answer has the text. */
    void readUntil(String text) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(text) < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("the answer ends without " + text + ": " + read);
            }
            read.append((char) next);
        }
    }

    void hangUp() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    Client send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    private Client frame(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.put((byte) 0).putShort((short) payload.length);
        frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
        socket.getOutputStream().write(frame.array());
        return this;
    }

    private static void header(ByteArrayOutputStream headers, int name, String value)
            throws IOException {
        headers.write(name);
        headers.write(value.length());
        headers.write(value.getBytes(StandardCharsets.US_ASCII));
    }
}
