package io.github.coro4j.stress;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;

/**
 * Runs the tests, then the control, which must fail. Takes the arguments of jcstress, but is short where it is told
 * nothing; see README.md.
 */
public final class Search {
    /** Instead of one for each set of compilers that jcstress knows. */
    private static final String ONE_JVM = "-Xmx512m";

    private Search() {}

    public static void main(String[] arguments) throws Exception {
        List<String> given = new ArrayList<>(Arrays.asList(arguments));
        addUnlessGiven(given, "-t", "Stress");
        // Compiling the actors apart from each other makes four processes out of one.
        addUnlessGiven(given, "-sc", "false");
        if (!given.contains("-m") || given.contains("sanity")) {
            addUnlessGiven(given, "-jvmArgs", ONE_JVM);
            addUnlessGiven(given, "-time", "100");
            addUnlessGiven(given, "-iters", "2");
            addUnlessGiven(given, "-strideSize", "64");
            addUnlessGiven(given, "-strideCount", "10");
        }
        run(given);
        if (given.contains("-l")) {
            return;
        }
        boolean found = false;
        try {
            // Enough to find it, however little was asked for above.
            run(
                    List.of(
                            "-t",
                            "PlantedBug",
                            "-sc",
                            "false",
                            "-time",
                            "200",
                            "-iters",
                            "1",
                            "-jvmArgs",
                            ONE_JVM));
        } catch (AssertionError e) {
            found = true;
        }
        if (!found) {
            throw new AssertionError(
                    "The planted bug was not found: the tests above prove nothing on this machine. "
                            + "Is there more than one processor?");
        }
        System.out.println("The planted bug was found, as it must be; nothing else was.");
    }

    private static void addUnlessGiven(List<String> arguments, String option, String value) {
        if (!arguments.contains(option)) {
            arguments.add(option);
            arguments.add(value);
        }
    }

    /** Throws an {@link AssertionError} if a test fails. */
    private static void run(List<String> arguments) throws Exception {
        Options options = new Options(arguments.toArray(new String[0]));
        if (!options.parse()) {
            System.exit(1);
        }
        JCStress stress = new JCStress(options);
        if (options.shouldList()) {
            stress.getTests().forEach(System.out::println);
        } else {
            stress.run();
        }
    }
}
