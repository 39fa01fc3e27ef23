package dev.notifier.examples;

import dev.notifier.Address;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.NotifierBuilder;
import dev.notifier.Page;
import dev.notifier.Preference;
import dev.notifier.PreferenceQuery;
import dev.notifier.Preferences;
import dev.notifier.Recipient;
import dev.notifier.Suppression;
import dev.notifier.SuppressionImport;
import dev.notifier.SuppressionQuery;
import dev.notifier.SuppressionTarget;
import dev.notifier.Suppressions;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The code that docs/SUPPRESSIONS.md shows. */
final class SuppressionSamples {
  Page<Suppression> suppress(Notifier notifier) {
    // sample: suppress
    Suppressions suppressions = notifier.suppressions();

    suppressions.add(Address.parse("email:ada@example.com"), "asked us by phone to stop");
    suppressions.add(SuppressionTarget.recipient("user-42"), "has left");
    suppressions.remove(SuppressionTarget.recipient("user-42"));
    Page<Suppression> page =
        suppressions.list(SuppressionQuery.all().source(Suppression.Source.MANUAL));
    // end
    return page;
  }

  SuppressionImport move(Notifier from, Notifier to, Path file) throws IOException {
    // sample: moveSuppressions
    try (Writer lines = Files.newBufferedWriter(file)) {
      from.suppressions().exportLines(lines);
    }
    SuppressionImport result;
    try (Reader lines = Files.newBufferedReader(file)) {
      result = to.suppressions().importLines(lines);
    }
    result.problems().forEach(System.err::println); // line 7: sms address "0171" is not valid: …
    // end
    return result;
  }

  List<Notification> categories(Recipient ada) {
    // sample: categories
    Notification offer = Notification.to(ada).text("Two for one!").category("offers").build();

    Notification receipt =
        Notification.to(ada).text("Paid.").category("orders").transactional().build();
    // end
    return List.of(offer, receipt);
  }

  int prefer(Notifier notifier) {
    // sample: preferences
    Preferences preferences = notifier.preferences();
    Recipient ada = Recipient.named("user-42");

    preferences.optOut(ada, "offers"); // on every channel
    preferences.optIn(ada, "offers", "email"); // but by email
    preferences.optOut(ada, Preference.EVERY_CATEGORY, "sms");
    boolean sent = preferences.allows(ada, "offers", "email");
    Page<Preference> page = preferences.list(PreferenceQuery.all().recipient(ada));
    preferences.erase(ada); // all that she ever said, the opt-outs too
    // end
    return page.items().size() + (sent ? 10 : 0);
  }

  NotifierBuilder requireOptIn(NotifierBuilder builder) {
    // sample: requireOptIn
    builder.requireOptIn("newsletter", "offers");
    // end
    return builder;
  }
}
