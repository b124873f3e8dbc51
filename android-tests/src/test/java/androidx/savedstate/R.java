package androidx.savedstate;

/** The ids of savedstate. The Android Gradle plugin generates this class in an application; an AAR does not have it. */
public final class R {
    private R() {}

    public static final class id {
        public static int view_tree_saved_state_registry_owner = 0x7f010006;

        private id() {}
    }
}
