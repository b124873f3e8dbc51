package io.github.coro4j.examples;

import io.github.coro4j.Task;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What {@code find DIRECTORY -type f} finds, in byte order. As there, no symbolic link is followed, to a file or to a
 * directory, so there is no loop to fall into; only the directory that the user named may itself be one. Other things
 * that are no regular files, such as pipes and sockets, are left out.
 *
 * @param files the regular files
 * @param failures the files and directories that could not be looked at
 * @param links how many symbolic links were left out
 */
record DigestListing(List<DigestFile> files, List<DigestFailure> failures, int links) {

    /** Walks the directory; for the body of a task, which may be cancelled at every file. */
    static DigestListing of(DigestArguments arguments) throws IOException {
        DigestFile root = DigestFile.root(arguments.directory());
        Walk walk = new Walk(root);
        Files.walkFileTree(root.path(), walk);
        Collections.sort(walk.files);
        return new DigestListing(walk.files, walk.failures, walk.links);
    }

    private static final class Walk extends SimpleFileVisitor<Path> {
        private final List<DigestFile> files = new ArrayList<>();
        private final List<DigestFailure> failures = new ArrayList<>();
        private final DigestFile root;
        private int links;

        Walk(DigestFile root) {
            this.root = root;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            Task.checkCancelled();
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            Task.checkCancelled();
            if (attributes.isRegularFile()) {
                files.add(root.below(file));
            } else if (attributes.isSymbolicLink()) {
                links++;
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path path, IOException reason) {
            failures.add(DigestFailure.notListed(root.below(path), reason));
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException reason) {
            if (reason != null) {
                failures.add(DigestFailure.notListed(root.below(directory), reason));
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
