package io.github.coro4j.interop.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Each rule of docs/rules.md has a test that names it, and docs/rules-index.md lists these tests. */
class RulesTest {
    private static final Path PAGE = Path.of("../docs/rules-index.md");
    private static final String WRITE =
            "./mvnw test -pl interop-tests -am -Dsurefire.failIfNoSpecifiedTests=false"
                    + " -Dtest=RulesTest -Drules.index=write";

    @Test
    void eachRuleHasATestAndEachAnnotationNamesARule() throws IOException {
        RulesIndex index = new RulesIndex();
        assertEquals(index.rules(), index.testedRules());
    }

    @Test
    void theIndexOfRulesAndTestsIsUpToDate() throws IOException {
        String page = new RulesIndex().page(WRITE);
        if ("write".equals(System.getProperty("rules.index"))) {
            Files.writeString(PAGE, page);
        }
        assertEquals(page, Files.readString(PAGE), "docs/rules-index.md is stale; run " + WRITE);
    }
}
