package androidx.lifecycle.runtime;

/** The ids of lifecycle-runtime. The Android Gradle plugin generates this class in an application; an AAR does not have it. */
public final class R {
    private R() {}

    public static final class id {
        public static int view_tree_lifecycle_owner = 0x7f010004;

        private id() {}
    }
}
