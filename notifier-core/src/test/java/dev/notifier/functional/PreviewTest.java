package dev.notifier.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.ChannelId;
import dev.notifier.ChannelOptions;
import dev.notifier.ChannelPreview;
import dev.notifier.Content;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.Recipient;
import dev.notifier.Verification;
import dev.notifier.Verification.Verdict;
import dev.notifier.spi.Channel;
import dev.notifier.spi.SteppedNotifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PreviewTest {
  private final SteppedNotifier notifier =
      Notifier.builder()
          .discovery(false)
          .channel("pager", new PagerChannel())
          .channel("fax", attempt -> DeliveryResult.accepted())
          .buildStepped();

  @AfterEach
  void close() {
    notifier.close();
  }

  private static final class PagerChannel implements Channel {
    @Override
    public DeliveryResult send(DeliveryAttempt attempt) {
      throw new AssertionError("a preview sends nothing");
    }

    @Override
    public void check(DeliveryAttempt attempt) {
      if (attempt.content().text().orElse("").length() > 10) {
        throw new InvalidNotificationException("text must have at most 10 characters");
      }
    }

    @Override
    public List<String> preview(DeliveryAttempt attempt) {
      return List.of(attempt.content().text().orElse("").length() + " characters");
    }

    @Override
    public Verification verify() {
      return Verification.refused("the key\nis wrong");
    }
  }

  @Test
  void everyChannelOfTheRouteShowsWhatItWouldSay() {
    Notification notification =
        Notification.to(Recipient.named("ada").address("pager", "1").address("fax", "2"))
            .text("a text that is too long")
            .contentFor("fax", Content.text("short"))
            .build();

    List<ChannelPreview> previews = notifier.preview(notification);

    assertThat(previews)
        .extracting(preview -> preview.channel().value())
        .containsExactly("pager", "fax");
    assertThat(previews.get(0).notes()).containsExactly("23 characters");
    assertThat(previews.get(0).problem()).contains("text must have at most 10 characters");
    assertThat(previews.get(1).content()).isEqualTo(Content.text("short"));
    assertThat(previews.get(1).problem()).isEmpty();
    assertThat(notifier.runDue()).isZero();
  }

  @Test
  void verifyAsksEveryChannel() {
    assertThat(notifier.verify().get(ChannelId.of("pager")))
        .isEqualTo(new Verification(Verdict.REFUSED, "the key is wrong"));
    assertThat(notifier.verify().get(ChannelId.of("fax")).verdict()).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void optionsReachTheirChannelAndNoOther() {
    Notification notification =
        Notification.to("pager:1")
            .text("hello")
            .options(ChannelOptions.of("pager", Map.of("silent", "true")))
            .build();
    assertThat(notification.optionsFor(ChannelId.of("pager"))).containsEntry("silent", "true");
    assertThat(notification.optionsFor(ChannelId.of("fax"))).isEmpty();
    assertThatThrownBy(
            () ->
                Notification.to("pager:1")
                    .text("hello")
                    .options(ChannelOptions.of("fax", Map.of()))
                    .build())
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("fax");
  }

  @Test
  void dataIsCopiedAndHoldsOnlyWhatJsonCanSay() {
    List<Object> items = Arrays.asList("book", 2, 3L, 4.5, true);
    Notification notification =
        Notification.to("pager:1").text("hello").data(Map.of("items", items)).build();
    items.set(0, "changed");
    assertThat(notification.data()).isEqualTo(Map.of("items", List.of("book", 2, 3L, 4.5, true)));

    Notification.Builder builder = Notification.to("pager:1");
    assertThatThrownBy(() -> builder.data(Map.of("when", new Object())))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("data.when")
        .hasMessageContaining("java.lang.Object");
    assertThatThrownBy(() -> builder.data(Map.of("list", Arrays.asList(1, null))))
        .hasMessageContaining("data.list[1]")
        .hasMessageContaining("null");
    assertThatThrownBy(() -> builder.data(Map.of("n", Double.NaN))).hasMessageContaining("finite");
    assertThatThrownBy(() -> builder.data(Map.of("m", Map.of(1, 2))))
        .hasMessageContaining("text keys");
    assertThatThrownBy(() -> builder.data(nested(11))).hasMessageContaining("10 deep");
  }

  private static Map<String, Object> nested(int depth) {
    Map<String, Object> map = Map.of("leaf", 1);
    for (int i = 1; i < depth; i++) {
      map = Map.of("next", map);
    }
    return map;
  }
}
