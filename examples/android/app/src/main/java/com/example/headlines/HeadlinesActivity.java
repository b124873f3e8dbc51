package com.example.headlines;

import android.os.Bundle;
import android.widget.Button;
import android.widget.LinearLayout;
import android.widget.ProgressBar;
import android.widget.TextView;
import androidx.activity.ComponentActivity;
import androidx.lifecycle.ViewModelProvider;
import io.github.coro4j.Outcome;
import io.github.coro4j.android.LifecycleScopes;
import java.util.List;

/** Shows a button that loads the headlines, a bar for the progress, and one line for each source. */
public class HeadlinesActivity extends ComponentActivity {
    private HeadlinesViewModel model;
    private Button button;
    private ProgressBar bar;
    private TextView text;

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        model = new ViewModelProvider(this).get(HeadlinesViewModel.class);
        addViews();
        button.setOnClickListener(
                view -> {
                    model.load();
                    follow();
                });
        if (model.headlines() != null) {
            follow(); // After a rotation.
        }
    }

    private void follow() {
        button.setEnabled(false);
        LifecycleScopes.onProgress(
                this, model.progress(), progress -> bar.setProgress((int) progress.done()));
        LifecycleScopes.onDoneWhenStarted(this, model.headlines(), end -> show(end.valueOrThrow()));
    }

    private void show(List<Outcome<String>> headlines) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < headlines.size(); i++) {
            String line =
                    headlines
                            .get(i)
                            .fold(
                                    headline -> headline,
                                    failure -> "failed, " + failure.getMessage(),
                                    cancelled -> "too late");
            lines.append(model.sources().get(i).name()).append(": ").append(line).append('\n');
        }
        text.setText(lines);
        bar.setProgress(bar.getMax());
        button.setEnabled(true);
    }

    private void addViews() {
        button = new Button(this);
        button.setId(android.R.id.button1);
        button.setText("Load");
        bar = new ProgressBar(this, null, android.R.attr.progressBarStyleHorizontal);
        bar.setId(android.R.id.progress);
        bar.setMax(model.sources().size());
        text = new TextView(this);
        text.setId(android.R.id.text1);

        LinearLayout views = new LinearLayout(this);
        views.setOrientation(LinearLayout.VERTICAL);
        views.setFitsSystemWindows(true);
        views.addView(button);
        views.addView(bar);
        views.addView(text);
        setContentView(views);
    }
}
