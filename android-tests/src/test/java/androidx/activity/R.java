package androidx.activity;

/** The ids of activity. The Android Gradle plugin generates this class in an application; an AAR does not have it. */
public final class R {
    private R() {}

    public static final class id {
        public static int report_drawn = 0x7f010001;
        public static int view_tree_on_back_pressed_dispatcher_owner = 0x7f010002;

        private id() {}
    }
}
