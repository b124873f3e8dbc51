/**
 * Programs that check what a release publishes. {@code .ci/release} runs them on a folder that has the form of a Maven
 * repository, the <i>staging folder</i>.
 */
package io.github.coro4j.release;
