package io.github.coro4j.examples.cluster;

import java.io.Serializable;

/**
 * The digest of a file.
 *
 * @param hex the SHA-256 in hexadecimal digits
 * @param bytes how many bytes were read
 */
// region result
public record FileSum(String hex, long bytes) implements Serializable {}
// endregion
