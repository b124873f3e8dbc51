plugins {
    id("com.android.application")
}

android {
    namespace = "com.example.headlines"
    compileSdk = 35

    defaultConfig {
        applicationId = "com.example.headlines"
        minSdk = 26
        targetSdk = 35
        versionCode = 1
        versionName = "1.0"
    }

    buildTypes {
        release {
            isMinifyEnabled = true
            // The rules for Coro4j are in its jars, so the app needs none.
            proguardFiles(getDefaultProguardFile("proguard-android-optimize.txt"))
        }
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
}

dependencies {
    implementation("io.github.coro4j:coro4j:0.1.0-SNAPSHOT")
    implementation("io.github.coro4j:coro4j-android:0.1.0-SNAPSHOT")
    implementation("androidx.activity:activity:1.10.1")
    implementation("androidx.lifecycle:lifecycle-viewmodel:2.11.0")
    implementation("androidx.work:work-runtime:2.12.0")
}
