package androidx.core.viewtree;

/** The ids of core-viewtree. The Android Gradle plugin generates this class in an application; an AAR does not have it. */
public final class R {
    private R() {}

    public static final class id {
        public static int view_tree_disjoint_parent = 0x7f010003;

        private id() {}
    }
}
