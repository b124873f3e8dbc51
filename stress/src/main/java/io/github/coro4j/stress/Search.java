package io.github.coro4j.stress;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;

/**
 * Runs the tests, then the controls, which must fail. Takes the arguments of jcstress, and
 * runs a short mode if there are none; see README.md.
 */
public final class Search {
    /** Instead of one for each set of compilers that jcstress knows. */
    private static final String ONE_JVM = "-Xmx512m";

    /** One for each way in which a piece can be wrong; README.md says which stands for which. */
    private static final List<String> CONTROLS =
            List.of(
                    "PlantedBug",
                    "PlantedPair",
                    "PlantedMove",
                    "PlantedSum",
                    "PlantedTicket",
                    "PlantedWake");

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
        for (String control : CONTROLS) {
            mustFail(control);
        }
        System.out.println("The planted bugs were found, as they must be; nothing else was.");
    }

    private static void mustFail(String control) throws Exception {
        try {
            // Enough to find it, however little was asked for above.
            run(
                    List.of(
                            "-t",
                            control,
                            "-sc",
                            "false",
                            "-time",
                            "200",
                            "-iters",
                            "3",
                            "-jvmArgs",
                            ONE_JVM));
        } catch (AssertionError e) {
            return;
        }
        throw new AssertionError(
                control
                        + " was not found: the tests above prove nothing on this machine. "
                        + "Is there more than one processor?");
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
