package dev.notifier.channel.sms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.Attachment;
import dev.notifier.ChannelOptions;
import dev.notifier.ChannelPreview;
import dev.notifier.ConfigurationException;
import dev.notifier.Content;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.spi.Channel;
import dev.notifier.testkit.ManualNotifier;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmsChannelTest {
  private static final String SERVICE = "MG0123456789abcdef0123456789abcdef";

  private static TwilioAccount twilio() {
    return SmsChannel.twilio(FakeTwilio.ACCOUNT, FakeTwilio.TOKEN).from("+14155550111");
  }

  private static VonageAccount vonage() {
    return SmsChannel.vonage(FakeVonage.KEY, FakeVonage.SECRET).from("Shop");
  }

  private static Notification.Builder message() {
    return Notification.to("sms:+14155550100");
  }

  // --- Texts ------------------------------------------------------------------------------------

  private static void assertRefused(Notification.Builder notification, String... reasons) {
    try (Channel channel = twilio().create()) {
      assertThatThrownBy(() -> channel.check(Attempts.of(notification)))
          .isInstanceOf(InvalidNotificationException.class)
          .hasMessageContainingAll(reasons);
    }
  }

  @Test
  void aTextOfTooManyPartsIsRefusedWhenItIsSent() {
    assertRefused(message().text("a".repeat(919)), "at most 6 parts", "7 parts");
  }

  @Test
  void onlyHtmlIsRefused() {
    assertRefused(message().html("<p>Hi</p>").text(" "), "text(...)", "contentFor(\"sms\"");
  }

  @Test
  void anUnknownOptionIsRefused() {
    assertRefused(
        message().text("Hi").options(ChannelOptions.of("sms", Map.of("form", "Shop"))),
        "[form]",
        "media-urls");
  }

  @Test
  void aNumberThatNoCountryHasIsRefused() {
    try (Channel channel = twilio().create()) {
      assertThatThrownBy(() -> channel.check(Attempts.to("+99912345678", "Hi")))
          .isInstanceOf(InvalidNotificationException.class)
          .hasMessageContaining("+99***78")
          .hasMessageContaining("no country");
    }
  }

  @Test
  void aTextThatAnInterceptorMadeTooLongIsAPermanentFailure() throws Exception {
    try (Channel channel = twilio().baseUrl("http://localhost:1").create()) {
      DeliveryResult result =
          channel.send(Attempts.of("Hi").withContent(Content.text("a".repeat(919))));

      assertThat(result).isInstanceOf(Permanent.class);
      assertThat(result.reason()).contains("at most 6 parts");
    }
  }

  // --- Preview ----------------------------------------------------------------------------------

  private static ChannelPreview preview(SmsChannelFactory<?> sms, Notification.Builder message) {
    try (Notifier notifier = Notifier.builder().discovery(false).channel(sms).build()) {
      return notifier.preview(message.build()).get(0);
    }
  }

  @Test
  void aPreviewTellsEncodingPartsAndRoom() {
    ChannelPreview preview = preview(twilio(), message().text("a".repeat(161)));

    assertThat(preview.notes()).containsExactly("2 parts, GSM-7, 161 units, 145 characters left");
    assertThat(preview.problem()).isEmpty();
  }

  @Test
  void aPreviewOfWhatIsTooLongTellsHowLongAndWhy() {
    ChannelPreview preview = preview(twilio(), message().text("я".repeat(500)));

    assertThat(preview.notes()).containsExactly("8 parts, UCS-2, 500 units, 36 characters left");
    assertThat(preview.problem()).hasValueSatisfying(why -> assertThat(why).contains("6 parts"));
  }

  @Test
  void aPreviewShowsATextThatWouldBeChanged() {
    assertThat(preview(twilio().smartEncoding(), message().text("“Hi”")).notes())
        .containsExactly(
            "1 part, GSM-7, 4 units, 156 characters left", "the text would be sent as: \"Hi\"");
    assertThat(
            preview(twilio().maxParts(1).truncateLongTexts(), message().text("a".repeat(200)))
                .notes())
        .contains("the text would be sent as: " + "a".repeat(157) + "...");
  }

  @Test
  void aPreviewTellsOfMediaAndOfAttachmentsThatStayBehind() {
    Notification.Builder message =
        message()
            .subject("Only a subject")
            .attach(Attachment.of("a.txt", "text/plain", new byte[] {1}))
            .options(SmsOptions.mediaUrl("https://shop.example/1.png"));

    assertThat(preview(twilio(), message).notes())
        .containsExactly("MMS with 1 media", "1 attachments are not sent by SMS");
  }

  @Test
  void aPreviewOfOnlyHtmlTellsWhatIsMissing() {
    ChannelPreview preview = preview(twilio(), message().html("<p>Hi</p>"));

    assertThat(preview.notes()).isEmpty();
    assertThat(preview.problem()).isPresent();
  }

  // --- Options ----------------------------------------------------------------------------------

  @Test
  void optionsSurviveAStore() {
    SmsOptions options =
        SmsOptions.from("+1 415 555 0111")
            .andMediaUrl("https://shop.example/1.png")
            .andMediaUrl("https://shop.example/2.png");

    SmsOptions read = SmsOptions.of(options.values());

    assertThat(read.values()).isEqualTo(options.values());
    assertThat(read.sender()).contains(new Sender("+14155550111"));
    assertThat(read.mediaUrls())
        .containsExactly("https://shop.example/1.png", "https://shop.example/2.png");
    assertThat(options).hasToString("SmsOptions[from, media-urls]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ftp://shop.example/1.png",
        "/1.png",
        "https://a b.example/",
        "https://u:p@x.y/"
      })
  void aMediaUrlThatIsNoneIsRefused(String url) {
    assertThatThrownBy(() -> SmsOptions.mediaUrl(url))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("media URL");
  }

  @Test
  void anEleventhMediumIsRefused() {
    SmsOptions ten = SmsOptions.from("Shop");
    for (int i = 0; i < 10; i++) {
      ten = ten.andMediaUrl("https://shop.example/" + i);
    }
    SmsOptions full = ten;
    assertThatThrownBy(() -> full.andMediaUrl("https://shop.example/11"))
        .isInstanceOf(InvalidNotificationException.class);
  }

  @Test
  void aSecondSmsChannelHasItsOwnIdAndOptions() {
    Notification notification =
        Notification.to("sms-alerts:+14155550100")
            .text("Hi")
            .options(SmsOptions.from("Alerts").forChannel("sms-alerts"))
            .build();

    ManualNotifier notifier =
        ManualNotifier.create(
            builder -> builder.channel(vonage().baseUrl("http://localhost:1").id("sms-alerts")));
    assertThat(notifier.preview(notification).get(0).problem()).isEmpty();
    notifier.close();
  }

  // --- Settings ---------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(ints = {0, 11})
  void thePartsAreFromOneToTen(int parts) {
    assertThatThrownBy(() -> twilio().maxParts(parts))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxParts must be from 1 to 10, but was " + parts);
  }

  @Test
  void badCredentialsAreRefusedAtOnceAndNotShown() {
    assertBad(() -> SmsChannel.twilio("AC0123", FakeTwilio.TOKEN), "account SID must be AC");
    assertBad(() -> SmsChannel.twilio(FakeTwilio.ACCOUNT, "s3cret\n"), "auth token");
    assertBad(() -> SmsChannel.vonage(" ", "secret"), "API key");
    assertBad(() -> SmsChannel.vonage("abcd1234", "s3cret "), "API secret");
    assertBad(() -> twilio().apiKey("AC0123", "secret"), "API key SID must be SK");
    assertBad(() -> twilio().messagingService("MG1"), "messaging service SID must be MG");
    assertBad(() -> vonage().signature(VonageSignature.MD5_HASH, ""), "signature secret");
  }

  @Test
  void badSendersUrlsAndTimesAreRefusedAtOnce() {
    assertBad(() -> twilio().from("030 123456"), "defaultRegion(...) first");
    assertBad(() -> twilio().from("Twelve chars"), "at most 11");
    assertBad(() -> twilio().defaultRegion("Germany"), "ISO 3166-1");
    assertBad(() -> twilio().statusCallback("https://my_shop.example/"), "underscore");
    assertBad(() -> twilio().statusCallback("shop.example"), "statusCallback");
    assertBad(() -> twilio().baseUrl("http://api.twilio.com"), "https");
    assertBad(() -> twilio().connectTimeout(Duration.ZERO), "connectTimeout");
    assertBad(() -> twilio().readTimeout(Duration.ofHours(2)), "readTimeout");
    assertBad(() -> twilio().callTimeout(Duration.ofMillis(-1)), "callTimeout");
  }

  private static void assertBad(Runnable call, String message) {
    assertThatThrownBy(call::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void aNationalSenderIsReadInTheDefaultRegion() {
    assertThat(twilio().defaultRegion("DE").from("030 123456").sender())
        .contains(new Sender("+4930123456"));
  }

  @Test
  void anAccountWithoutSenderIsRefusedWithTheCallThatIsMissing() {
    assertThatThrownBy(() -> SmsChannel.twilio(FakeTwilio.ACCOUNT, "token").create())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("from(...) or messagingService(...)");
    assertThatThrownBy(() -> SmsChannel.vonage("abcd1234", "secret").create())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("from(...)");
    assertThatThrownBy(
            () -> SmsChannel.failover(twilio(), SmsChannel.vonage("abcd1234", "secret")).create())
        .isInstanceOf(ConfigurationException.class);
    assertThat(SmsChannel.twilio(FakeTwilio.ACCOUNT, "token").messagingService(SERVICE).create())
        .isNotNull();
  }

  @Test
  void rulesForTheTextBelongToAllAccountsTogether() {
    assertThatThrownBy(() -> SmsChannel.failover(twilio().maxParts(2), vonage()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("failover(...)");

    assertThat(
            preview(
                    SmsChannel.roundRobin(twilio(), vonage()).maxParts(7),
                    message().text("a".repeat(919)))
                .problem())
        .isEmpty();
  }

  @Test
  void nothingShowsASecretOrANumber() {
    List<Object> all =
        List.of(
            twilio(),
            vonage().signature(VonageSignature.HMAC_MD5, FakeVonage.SIGNATURE_SECRET),
            SmsChannel.failover(twilio(), vonage()),
            twilio().create(),
            Sender.of("+14155550111", null),
            new SmsMessage(
                Attempts.DELIVERY,
                Attempts.NUMBER,
                Optional.empty(),
                "the text",
                List.of(),
                Optional.empty()));

    assertThat(all.toString())
        .doesNotContain(
            FakeTwilio.TOKEN,
            FakeVonage.SECRET,
            FakeVonage.SIGNATURE_SECRET,
            "4155550100",
            "4155550111",
            "the text");
  }
}
