package io.github.coro4j.internal.base

/** Work that can fail by itself if the engine's pool has no thread for it. */
internal interface Refusable
