package io.github.coro4j.interop.engine;

import io.github.coro4j.TaskScope;
import java.io.File;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A container loads an application, runs it on threads that live on, and drops it. Ends with 0 if it is unloaded. */
final class UnloadedApplication {
    private static final long SECONDS = 30;

    private UnloadedApplication() {}

    public static void main(String[] arguments) throws Exception {
        boolean libraryInside = arguments[0].equals("inside");
        if (!libraryInside) {
            // The container uses the library too, so that threads of the library already run.
            TaskScope.global().start(() -> 1).join();
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        // The threads start now, because the application's would inherit its class loader.
        ((ThreadPoolExecutor) threads).prestartAllCoreThreads();
        WeakReference<ClassLoader> loader = deploy(libraryInside, threads);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (loader.get() != null && System.nanoTime() < end) {
            System.gc();
            Thread.sleep(100);
        }
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            System.out.println(thread);
        }
        System.exit(loader.get() == null ? 0 : 1);
    }

    private static WeakReference<ClassLoader> deploy(boolean libraryInside, ExecutorService threads)
            throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            urls.add(new File(entry).toURI().toURL());
        }
        Application loader = new Application(urls.toArray(new URL[0]), libraryInside);
        Runnable application =
                (Runnable)
                        loader.loadClass(WorkOfEveryKind.class.getName())
                                .getConstructor(Executor.class)
                                .newInstance((Executor) threads::execute);
        // Two threads call it, with its class loader as context loader, as in a container.
        runIn(loader, application);
        Future<?> second = threads.submit(() -> runIn(loader, application));
        second.get();
        loader.close();
        return new WeakReference<>(loader);
    }

    private static void runIn(ClassLoader loader, Runnable application) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            application.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Loads the classes of the application, and those of the library if it is to be inside. */
    private static final class Application extends URLClassLoader {
        private final boolean libraryInside;

        Application(URL[] urls, boolean libraryInside) {
            super(
                    urls,
                    libraryInside
                            ? ClassLoader.getPlatformClassLoader()
                            : UnloadedApplication.class.getClassLoader());
            this.libraryInside = libraryInside;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (libraryInside || !name.startsWith(WorkOfEveryKind.class.getName())) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : findClass(name);
            }
        }
    }
}
