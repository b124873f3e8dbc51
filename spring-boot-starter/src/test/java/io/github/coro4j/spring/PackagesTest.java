package io.github.coro4j.spring;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Uses between the packages of the starter point one way. */
class PackagesTest {
    private static final String ROOT = "io.github.coro4j.spring";

    private final JavaClasses classes =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages(ROOT);

    @Test
    void eachPackageUsesOnlyThoseBelowIt() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("scope")
                .definedBy(ROOT)
                .layer("request")
                .definedBy(ROOT + ".web")
                .layer("servers")
                .definedBy(ROOT + ".servlet", ROOT + ".reactive")
                .layer("others")
                .definedBy(ROOT + ".actuate", ROOT + ".async", ROOT + ".context")
                .whereLayer("servers")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("others")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("request")
                .mayOnlyBeAccessedByLayers("servers")
                .check(classes);
    }

    @Test
    void theServersDoNotUseEachOther() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("servlet")
                .definedBy(ROOT + ".servlet")
                .layer("reactive")
                .definedBy(ROOT + ".reactive")
                .whereLayer("servlet")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("reactive")
                .mayNotBeAccessedByAnyLayer()
                .check(classes);
    }
}
