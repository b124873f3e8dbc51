package io.github.coro4j.examples.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Holds bodies at a known point, in this process and in others. Each body knocks, and waits until the test lets it in. */
final class Gate implements AutoCloseable {
    private final ServerSocketChannel server;
    private final List<Knock> knocks = new CopyOnWriteArrayList<>();
    private volatile Thread porter;

    Gate() throws IOException {
        server =
                ServerSocketChannel.open()
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    int port() throws IOException {
        return ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    /** Waits until the next body knocks. */
    Knock next() throws IOException {
        Knock knock = Knock.read(server.accept());
        knocks.add(knock);
        return knock;
    }

    /** Waits for the next knock of a kind, and drops others. */
    Knock next(String kind) throws IOException {
        Knock knock = next();
        while (!knock.kind().equals(kind)) {
            knock = next();
        }
        return knock;
    }

    /** Lets in each body that has knocked or will knock. */
    void stayOpen() {
        porter =
                new Thread(
                        () -> {
                            try {
                                while (true) {
                                    next().letIn();
                                }
                            } catch (IOException e) {
                                // closed
                            }
                        },
                        "porter");
        porter.start();
        knocks.forEach(Knock::letIn);
    }

    /** Returns the file of each body that has begun so far. */
    List<String> begunPaths() {
        return knocks.stream()
                .filter(knock -> knock.kind().equals(HeldBody.BEGUN))
                .map(Knock::path)
                .toList();
    }

    @Override
    public void close() throws IOException {
        server.close();
        if (porter != null) {
            try {
                porter.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        for (Knock knock : knocks) {
            knock.channel().close();
        }
    }

    /**
     * A body at the gate.
     *
     * @param kind why it knocks
     * @param member the address of its member
     * @param path its file
     * @param channel the connection
     */
    record Knock(String kind, String member, String path, SocketChannel channel) {
        private static Knock read(SocketChannel channel) throws IOException {
            StringBuilder line = new StringBuilder();
            ByteBuffer one = ByteBuffer.allocate(1);
            while (channel.read(one.clear()) == 1 && one.get(0) != '\n') {
                line.append((char) one.get(0));
            }
            String[] parts = line.toString().split(" ", 3);
            // A body that dies while it knocks says nothing.
            return parts.length < 3
                    ? new Knock("", "", "", channel)
                    : new Knock(parts[0], parts[1], parts[2], channel);
        }

        void letIn() {
            try {
                channel.write(ByteBuffer.wrap(new byte[] {'+'}));
            } catch (IOException e) {
                // The body is dead.
            }
        }

        /** Called by a body: knocks, and returns when the test has let it in. */
        static void at(int port, String kind, String member, String path) throws IOException {
            try (SocketChannel channel =
                    SocketChannel.open(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
                String line = kind + " " + member + " " + path + "\n";
                channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
                if (channel.read(ByteBuffer.allocate(1)) < 0) {
                    throw new IOException("the gate was closed");
                }
            }
        }

        /** Called by a body: reports something, and does not wait. */
        static void report(int port, String kind, String member, String path) throws IOException {
            try (SocketChannel channel =
                    SocketChannel.open(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
                String line = kind + " " + member + " " + path + "\n";
                channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
            }
        }
    }
}
