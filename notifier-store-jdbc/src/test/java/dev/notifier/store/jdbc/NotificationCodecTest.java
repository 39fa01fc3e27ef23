package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.notifier.Address;
import dev.notifier.Attachment;
import dev.notifier.ChannelId;
import dev.notifier.ChannelOptions;
import dev.notifier.Content;
import dev.notifier.Notification;
import dev.notifier.Recipient;
import dev.notifier.Restored;
import dev.notifier.Route;
import dev.notifier.StoreException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class NotificationCodecTest {
  private static final Logger log = LoggerFactory.getLogger(NotificationCodecTest.class);
  private static final ChannelId EMAIL = ChannelId.of("email");

  // --- Round trips ------------------------------------------------------------------------------

  @Test
  void randomNotificationsComeBackAsTheyWere() {
    long seed = new Random().nextLong();
    log.warn("random notifications by seed {}", seed);
    RandomNotifications notifications = new RandomNotifications(seed);

    for (int i = 0; i < 400; i++) {
      Notification notification = notifications.next();
      assertThat(roundTrip(notification))
          .as("notification %d of seed %d", i, seed)
          .usingRecursiveComparison()
          .withStrictTypeChecking()
          .ignoringFieldsMatchingRegexes(".*restored")
          .isEqualTo(notification);
    }
  }

  private static Notification roundTrip(Notification notification) {
    return NotificationCodec.decode(
        NotificationCodec.envelope(notification), NotificationCodec.content(notification));
  }

  @Test
  void withoutContentTheRestComesBack() {
    Notification notification = new RandomNotifications(1).next();

    assertThat(NotificationCodec.decode(NotificationCodec.envelope(notification), null))
        .usingRecursiveComparison()
        .isEqualTo(notification.withoutContent());
  }

  @Test
  void theSameNotificationIsAlwaysTheSameBytes() {
    Notification one = withOptions(Map.of("a", "1", "b", "2", "c", "3", "d", "4"));
    Map<String, String> reversed = new LinkedHashMap<>();
    List.of("d", "c", "b", "a").forEach(key -> reversed.put(key, "" + (key.charAt(0) - 'a' + 1)));
    Notification two = withOptions(reversed);

    assertThat(NotificationCodec.envelope(one)).isEqualTo(NotificationCodec.envelope(two));
    assertThat(NotificationCodec.content(one)).isEqualTo(NotificationCodec.content(two));
  }

  private static Notification withOptions(Map<String, String> values) {
    return Notification.to(Recipient.named("ada").email("ada@example.com"))
        .text("hello")
        .options(ChannelOptions.of("email", values))
        .build();
  }

  @Test
  void dataKeepsItsOrder() {
    Map<String, Object> data = new LinkedHashMap<>();
    List.of("z", "a", "m").forEach(key -> data.put(key, key));
    Notification notification =
        Notification.to("email:ada@example.com").text("x").data(data).build();

    assertThat(roundTrip(notification).data().keySet()).containsExactly("z", "a", "m");
  }

  @Test
  void aUsualNotificationIsSmall() {
    Notification notification =
        Notification.to("email:ada@example.com").via("email").text("hello").build();

    assertThat(NotificationCodec.envelope(notification)).hasSize(1 + 2 + 21 + 2 + 5);
    assertThat(NotificationCodec.content(notification)).hasSize(1 + 2 + 5);
  }

  @Test
  void anEmptyTextIsNotAMissingOne() {
    Notification notification =
        Notification.to("email:ada@example.com").subject("x").text("").build();

    assertThat(roundTrip(notification).content().text()).contains("");
    assertThat(roundTrip(notification).content().html()).isEmpty();
  }

  @Test
  void whatTodayWouldBeRefusedIsReadAllTheSame() {
    Address address = Restored.address(EMAIL, "no longer valid");
    Notification notification =
        Restored.notification(
                Restored.recipient("n".repeat(500), List.of(address)),
                Restored.route(List.of(List.of(EMAIL, EMAIL)), Route.FallbackOn.EXHAUSTION))
            .idempotencyKey("\u0001")
            .content(Restored.content("a\nb", null, null))
            .attach(Restored.attachment("../x", "?", new byte[3], "<x>"))
            .build();

    assertThat(roundTrip(notification)).usingRecursiveComparison().isEqualTo(notification);
  }

  @Test
  void aHugeBodyComesBack() {
    Notification notification =
        Notification.to("email:ada@example.com")
            .text("ä".repeat(3_000_000))
            .attach(Attachment.of("a", "a/b", new byte[5_000_000]))
            .build();

    assertThat(roundTrip(notification).content()).isEqualTo(notification.content());
    assertThat(roundTrip(notification).attachments().get(0).size()).isEqualTo(5_000_000);
  }

  // --- Growing ----------------------------------------------------------------------------------

  /** What the codec carries, and what follows from it, by type. */
  private static final Map<Class<?>, Set<String>> CARRIED =
      Map.of(
          Notification.class,
          Set.of(
              "recipient",
              "route",
              "priority",
              "content",
              "contentByChannel",
              "options",
              "data",
              "attachments",
              "onAmbiguity",
              "idempotencyKey",
              "expiresAfter",
              "correlationId",
              "tags",
              "sendAt",
              "category",
              "isTransactional",
              "template",
              "isUnrendered",
              "templateData",
              "locale",
              "zone",
              "replayOf",
              "withoutContent"),
          Recipient.class,
          Set.of("name", "addresses", "key", "quietHours", "locale", "zone"),
          Address.class,
          Set.of("channel", "value", "masked"),
          Route.class,
          Set.of("legs", "fallbackOn", "fallbackAfter"),
          Content.class,
          Set.of("subject", "text", "html", "isBlank"),
          Attachment.class,
          Set.of("name", "contentType", "bytes", "size", "open", "contentId"));

  static Set<Class<?>> carriedTypes() {
    return CARRIED.keySet();
  }

  @ParameterizedTest
  @MethodSource("carriedTypes")
  void everyPartOfANotificationIsCarried(Class<?> type) {
    Set<String> accessors = new TreeSet<>();
    for (Method method : type.getDeclaredMethods()) {
      if (Modifier.isPublic(method.getModifiers())
          && !Modifier.isStatic(method.getModifiers())
          && method.getParameterCount() == 0) {
        accessors.add(method.getName());
      }
    }
    accessors.removeAll(Set.of("hashCode", "toString"));

    assertThat(accessors)
        .as(
            "%s has changed: teach NotificationCodec to carry its new part, let"
                + " RandomNotifications make it, and name it here",
            type.getSimpleName())
        .containsExactlyInAnyOrderElementsOf(CARRIED.get(type));
  }

  @Test
  void anOlderVersionStepsOverWhatItDoesNotKnow() {
    Notification notification = Notification.to("email:ada@example.com").text("hello").build();
    WireWriter future = new WireWriter();
    future.start(NotificationCodec.ENVELOPE);
    future.text(2, "email:ada@example.com");
    future.varint(1000, -1);
    future.text(1001, "new");
    future.startGroup(1002);
    future.startGroup(1);
    future.signed(5, Long.MIN_VALUE);
    future.endGroup();
    future.bytes(6, new byte[300]);
    future.endGroup();
    future.text(3, "email");

    assertThat(NotificationCodec.decode(future.toBytes(), NotificationCodec.content(notification)))
        .usingRecursiveComparison()
        .isEqualTo(notification);
  }

  @Test
  void aNewerFormatIsRefusedWithWhatToDo() {
    byte[] envelope = {0x12, 1, 2, 3};

    assertThatThrownBy(() -> NotificationCodec.decode(envelope, null))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("envelope of a stored notification is of format 18")
        .hasMessageContaining("upgrade this node");
  }

  @Test
  void anEncryptedRowNamesTheSettingThatIsMissing() {
    byte[] envelope = {PayloadCipher.SEALED, 1, 2, 3};

    assertThatThrownBy(() -> NotificationCodec.decode(envelope, null))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("notifier.store.jdbc.encryption.keys");
  }

  // --- Garbage ----------------------------------------------------------------------------------

  @Test
  void theContentIsNoEnvelope() {
    Notification notification = new RandomNotifications(2).next();
    byte[] content = NotificationCodec.content(notification);

    assertThatThrownBy(() -> NotificationCodec.decode(content, null))
        .isInstanceOf(StoreException.class);
  }

  static List<Arguments> garbage() {
    byte[] hugeLength = {0x11, 0x09, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x07};
    byte[] negativeLength = {0x11, 0x09, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1};
    byte[] endlessVarint = new byte[100];
    Arrays.fill(endlessVarint, (byte) 0xFF);
    endlessVarint[0] = 0x11;
    byte[] deep = new byte[10_000];
    Arrays.fill(deep, (byte) (20 << 2 | WireWriter.GROUP));
    deep[0] = 0x11;
    return List.of(
        Arguments.of("nothing", new byte[0]),
        Arguments.of("only a format", new byte[] {0x11}),
        Arguments.of("a huge length", hugeLength),
        Arguments.of("a negative length", negativeLength),
        Arguments.of("an endless number", endlessVarint),
        Arguments.of("deep groups", deep),
        Arguments.of("an end without a start", new byte[] {0x11, 0}),
        Arguments.of("an unknown kind of field", new byte[] {0x11, 0x7F}));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("garbage")
  void garbageIsRefusedInOneWay(String name, byte[] envelope) {
    assertThatThrownBy(() -> NotificationCodec.decode(envelope, null))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("envelope of a stored notification");
  }

  @Test
  void damagedRowsAreRefusedOrReadButNeverCrash() {
    long seed = new Random().nextLong();
    log.warn("damage by seed {}", seed);
    Random random = new Random(seed);
    RandomNotifications notifications = new RandomNotifications(seed);
    Map<Boolean, Integer> outcomes = new HashMap<>();

    for (int i = 0; i < 20_000; i++) {
      Notification notification = notifications.next();
      byte[] envelope = damaged(NotificationCodec.envelope(notification), random);
      byte[] content = damaged(NotificationCodec.content(notification), random);
      Throwable failure = catchThrowable(() -> NotificationCodec.decode(envelope, content));
      if (failure != null) {
        assertThat(failure).as("seed %d, %d", seed, i).isInstanceOf(StoreException.class);
      }
      outcomes.merge(failure == null, 1, Integer::sum);
    }

    assertThat(outcomes.keySet()).containsExactlyInAnyOrder(true, false);
  }

  private static byte[] damaged(byte[] bytes, Random random) {
    byte[] damaged = Arrays.copyOf(bytes, bytes.length - random.nextInt(Math.min(4, bytes.length)));
    for (int i = random.nextInt(3); i >= 0 && damaged.length > 1; i--) {
      damaged[1 + random.nextInt(damaged.length - 1)] = (byte) random.nextInt();
    }
    return damaged;
  }

  @Test
  void noPartOfAMessageShowsInAFailure() {
    Notification notification =
        Notification.to("email:secret@example.com").text("secret".repeat(30)).build();
    byte[] envelope = NotificationCodec.envelope(notification);
    byte[] cut = Arrays.copyOf(envelope, envelope.length - 1);

    Throwable failure = catchThrowable(() -> NotificationCodec.decode(cut, null));

    for (Throwable e = failure; e != null; e = e.getCause()) {
      assertThat(Optional.ofNullable(e.getMessage()).orElse("")).doesNotContain("secret");
    }
    assertThat(failure).isInstanceOf(StoreException.class);
  }
}
