package io.github.coro4j.examples.cluster;

import java.io.Serializable;
import java.util.concurrent.Callable;

/** Work on one file, which any member can do. Its fields travel to that member, and its result travels back. */
public interface Body extends Callable<FileSum>, Serializable {}
