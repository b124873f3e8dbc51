plugins {
    id("com.android.application") version "8.11.1" apply false
}
