package androidx.lifecycle.viewmodel;

/** The ids of lifecycle-viewmodel. The Android Gradle plugin generates this class in an application; an AAR does not have it. */
public final class R {
    private R() {}

    public static final class id {
        public static int view_tree_view_model_store_owner = 0x7f010005;

        private id() {}
    }
}
