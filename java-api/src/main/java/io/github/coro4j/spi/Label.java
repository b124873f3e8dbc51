package io.github.coro4j.spi;

import org.jspecify.annotations.Nullable;

/**
 * Makes names fit for texts that people read. Names come from anywhere, and must not be able to forge a line of a log.
 */
public final class Label {
    private static final int LONGEST = 100;

    private Label() {}

    /**
     * Returns type and name: {@code task "load"}.
     *
     * @param type what it is
     * @param name the name as it was given
     * @return the label, on one line, with a backslash before each quote and backslash of the name
     */
    public static String of(String type, String name) {
        boolean isMarked = name.indexOf('"') >= 0 || name.indexOf('\\') >= 0;
        // First this, then the escapes, because this must not mark their backslashes.
        String marked = isMarked ? name.replace("\\", "\\\\").replace("\"", "\\\"") : name;
        return type + " \"" + oneLine(marked) + "\"";
    }

    /**
     * Returns the text of a key, or of another value of the user, for a message.
     *
     * @param key any value
     * @return its text, on one line and cut after 100 characters; its class if its {@code toString} throws or returns
     *     null
     */
    public static String ofKey(@Nullable Object key) {
        String text;
        try {
            text = String.valueOf(key);
        } catch (Throwable e) {
            return "of class " + key.getClass().getName();
        }
        if (text == null) {
            return "of class " + key.getClass().getName();
        }
        return oneLine(text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...");
    }

    /**
     * Returns the text without characters that end a line, control a terminal, or change the reading direction.
     *
     * @param text any text
     * @return the same object if it has no such character; otherwise a text with Java's escapes for them
     */
    public static String oneLine(String text) {
        int length = text.length();
        for (int i = 0; i < length; i += Character.charCount(text.codePointAt(i))) {
            if (isHidden(text.codePointAt(i))) {
                return escaped(text);
            }
        }
        return text;
    }

    private static String escaped(String text) {
        StringBuilder shown = new StringBuilder(text.length() + 16);
        int size;
        for (int i = 0; i < text.length(); i += size) {
            int each = text.codePointAt(i);
            size = Character.charCount(each);
            if (isHidden(each)) {
                for (char half : Character.toChars(each)) {
                    shown.append("\\u").append(Integer.toHexString(0x10000 | half).substring(1));
                }
            } else {
                shown.appendCodePoint(each);
            }
        }
        return shown.toString();
    }

    /** Returns true for control and format characters, except the two joiners, which words and emoji need. */
    private static boolean isHidden(int c) {
        if (c >= ' ' && c < 0x7f || c == 0x200c || c == 0x200d) {
            return false;
        }
        switch (Character.getType(c)) {
            case Character.CONTROL:
            case Character.FORMAT:
            case Character.LINE_SEPARATOR:
            case Character.PARAGRAPH_SEPARATOR:
            case Character.SURROGATE:
                return true;
            default:
                // Older platforms do not know the type of these characters.
                return c == 0x061c || c >= 0x2066 && c <= 0x2069;
        }
    }
}
