package io.github.coro4j.dex;

import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Reads the header and the strings of a dex file. https://source.android.com/docs/core/runtime/dex-format has the layout. */
final class DexFile {
    private static final int STRING_IDS_SIZE = 0x38;
    private static final int STRING_IDS_OFFSET = 0x3c;
    private static final int METHOD_IDS_SIZE = 0x58;
    private static final int CLASS_DEFS_SIZE = 0x60;

    private final ByteBuffer bytes;

    private DexFile(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Reads the only dex file in the zip file that D8 or R8 has written. */
    static DexFile in(Path zip) {
        try (ZipFile file = new ZipFile(zip.toFile())) {
            assertNull(file.getEntry("classes2.dex"), "There is more than one dex file in " + zip);
            ZipEntry only = file.getEntry("classes.dex");
            return new DexFile(file.getInputStream(only).readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int size() {
        return bytes.capacity();
    }

    int classes() {
        return bytes.getInt(CLASS_DEFS_SIZE);
    }

    /** Returns the number of methods that the file defines or calls, which Android limits to 65,536. */
    int methods() {
        return bytes.getInt(METHOD_IDS_SIZE);
    }

    /** Returns all strings, among them the descriptors of all types that the file names. */
    List<String> strings() {
        int count = bytes.getInt(STRING_IDS_SIZE);
        int table = bytes.getInt(STRING_IDS_OFFSET);
        List<String> strings = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            strings.add(string(bytes.getInt(table + 4 * i)));
        }
        return strings;
    }

    /** Reads bytes up to a zero. Other characters than those of ASCII may come out wrong, and no test looks for them. */
    private String string(int offset) {
        int start = offset;
        // The length in characters comes first. The highest bit of a byte says that another one
        // follows.
        while (bytes.get(start) < 0) {
            start++;
        }
        start++;
        int end = start;
        while (bytes.get(end) != 0) {
            end++;
        }
        return new String(bytes.array(), start, end - start, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "%,d bytes, %,d classes, %,d methods".formatted(size(), classes(), methods());
    }
}
