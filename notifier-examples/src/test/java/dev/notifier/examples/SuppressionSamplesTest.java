package dev.notifier.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.Receipt;
import dev.notifier.Recipient;
import dev.notifier.Suppression;
import dev.notifier.testkit.ManualNotifier;
import dev.notifier.testkit.RecordingChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuppressionSamplesTest {
  private final SuppressionSamples samples = new SuppressionSamples();

  private ManualNotifier notifier() {
    return ManualNotifier.create(
        builder ->
            samples
                .requireOptIn(builder)
                .channel("email", new RecordingChannel())
                .channel("sms", new RecordingChannel()));
  }

  @Test
  void suppressionsAreMadeListedAndMoved(@TempDir Path folder) throws Exception {
    ManualNotifier from = notifier();
    ManualNotifier to = notifier();

    assertThat(samples.suppress(from).items())
        .extracting(found -> found.target().text())
        .containsExactly("email:ada@example.com");
    assertThat(samples.move(from, to, folder.resolve("suppressions.csv")).added()).isEqualTo(1);
    assertThat(to.suppressions().newest(10))
        .extracting(Suppression::reason)
        .containsExactly("asked us by phone to stop");
  }

  @Test
  void offersNeedAnOptInAndReceiptsNeedNothing() {
    ManualNotifier notifier = notifier();
    Recipient ada = Recipient.named("user-42").email("ada@example.com");
    List<Receipt> receipts = new ArrayList<>();
    for (Notification notification : samples.categories(ada)) {
      receipts.add(notifier.send(notification));
    }
    notifier.runDue();

    assertThat(receipts)
        .extracting(receipt -> notifier.find(receipt.id()).orElseThrow().status())
        .containsExactly(DeliveryStatus.SUPPRESSED, DeliveryStatus.SENT);
  }

  @Test
  void whatSheSaidLastByEmailCounts() {
    assertThat(samples.prefer(notifier())).isEqualTo(10 + 3);
  }
}
