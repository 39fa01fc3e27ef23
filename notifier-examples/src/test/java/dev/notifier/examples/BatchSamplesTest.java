package dev.notifier.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.BatchRun;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.Template;
import dev.notifier.testkit.RecordingChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BatchSamplesTest {
  @Test
  void theSamplesRun() throws Exception {
    BatchSamples samples = new BatchSamples();
    RecordingChannel email = new RecordingChannel();
    List<String> refused = new ArrayList<>();
    try (Notifier notifier = Notifier.builder().discovery(false).channel("email", email).build()) {
      notifier
          .templates()
          .save(Template.named("newsletter").requires("name").email("News", "Hi {{name}}").build());
      Stream<BatchSamples.Reader> readers =
          Stream.of(
              new BatchSamples.Reader("1", "ada@example.com", "Ada"),
              new BatchSamples.Reader("2", "no address", "Bob"),
              new BatchSamples.Reader("3", "eve@example.com", "Eve"));

      BatchRun run = samples.newsletter(notifier, readers, refused);
      Notification invoice = Notification.to("email:ada@example.com").text("invoice").build();
      samples.atomic(notifier, List.of(invoice, invoice));

      assertThat(refused).singleElement().asString().startsWith("1: ").contains("no address");
      assertThat(run.progress().count(DeliveryStatus.SENT)).isEqualTo(2);
      assertThat(samples.operate(notifier, run.id()).items()).isEmpty();
    }
    assertThat(email.attempts()).hasSize(4);
  }
}
