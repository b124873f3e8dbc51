package io.github.coro4j.spi;

/** How a name stands in a text for people. Names come from anywhere, and must not be able to forge a line of a log. */
public final class Label {
    private Label() {}

    /**
     * Type and name: {@code task "load"}.
     *
     * @param type what it is
     * @param name the name as it was given
     * @return the label, on one line, with the quotes and backslashes of the name marked by a backslash
     * @throws NullPointerException if an argument is null
     */
    public static String of(String type, String name) {
        boolean isMarked = name.indexOf('"') >= 0 || name.indexOf('\\') >= 0;
        // Before the escapes, whose own backslashes are not to be marked.
        String marked = isMarked ? name.replace("\\", "\\\\").replace("\"", "\\\"") : name;
        return type + " \"" + oneLine(marked) + "\"";
    }

    /**
     * A text in which no character ends a line, steers a terminal, or turns the direction of reading.
     *
     * @param text any text
     * @return the same object, unless it has such characters; they become the escapes that Java has for them
     * @throws NullPointerException if {@code text} is null
     */
    public static String oneLine(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            if (isHidden(text.charAt(i))) {
                return escaped(text);
            }
        }
        return text;
    }

    private static String escaped(String text) {
        StringBuilder shown = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (isHidden(each)) {
                shown.append("\\u").append(Integer.toHexString(0x10000 | each).substring(1));
            } else {
                shown.append(each);
            }
        }
        return shown.toString();
    }

    private static boolean isHidden(char c) {
        return c < ' '
                || c >= 0x007f && c <= 0x009f
                || c == 0x200e
                || c == 0x200f
                || c == 0x2028
                || c == 0x2029
                || c >= 0x202a && c <= 0x202e
                || c >= 0x2066 && c <= 0x2069;
    }
}
