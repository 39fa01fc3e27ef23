package dev.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.CALLS_REAL_METHODS;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.notifier.spi.Channel;
import dev.notifier.spi.ChannelFactory;
import dev.notifier.spi.NotificationStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a builder makes of settings; {@code odd-test-channel} is registered for the tests. */
class NotifierBuilderTest {
  private static final ChannelId ODD = ChannelId.of("odd-test-channel");
  private static final Channel ACCEPTING = attempt -> DeliveryResult.accepted();

  @TempDir private Path dir;

  private static NotifierBuilder builder() {
    return Notifier.builder();
  }

  // --- Settings ---------------------------------------------------------------------------------

  @Test
  void aPropertiesFileConfiguresADiscoveredChannel() throws IOException {
    Path file = Files.writeString(dir.resolve("a.properties"), "notifier.odd-test-channel.url=x\n");
    try (Notifier notifier = builder().properties(file).buildStepped()) {
      assertThat(notifier.health().channels()).containsOnlyKeys(ODD);
    }
  }

  @Test
  void theEnvironmentConfiguresADiscoveredChannel() {
    try (Notifier notifier =
        builder().environment(Map.of("NOTIFIER_ODD_TEST_CHANNEL_URL", "x")).buildStepped()) {
      assertThat(notifier.health().channels()).containsOnlyKeys(ODD);
    }
  }

  @Test
  void theEnvironmentOfTheProcessMayHoldAnything() {
    try (Notifier notifier = builder().environment().buildStepped()) {
      assertThat(notifier.health().isUp()).isTrue();
    }
  }

  @Test
  void aDiscoveredChannelWithoutSettingsIsNotMade() {
    try (Notifier notifier = builder().channel("pager", ACCEPTING).buildStepped()) {
      assertThat(notifier.health().channels()).containsOnlyKeys(ChannelId.of("pager"));
    }
  }

  @Test
  void withoutDiscoveryASettingIsForNobody() {
    Properties properties = new Properties();
    properties.setProperty("notifier.odd-test-channel.url", "x");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> builder().properties(properties).discovery(false).build())
        .withMessageStartingWith("unknown setting notifier.odd.test.channel.url: ")
        .withMessageEndingWith("found channels [] and stores []");
  }

  @Test
  void aChannelOfTheApplicationBeatsADiscoveredOne() throws Exception {
    try (Notifier notifier =
        builder()
            .environment(Map.of("NOTIFIER_ODD_TEST_CHANNEL_NONSENSE", "x"))
            .channel("odd-test-channel", attempt -> DeliveryResult.permanentFailure("mine"))
            .policy("odd-test-channel", ChannelPolicy.builder().capacity(7).build())
            .build()) {
      Receipt receipt = notifier.send(Notification.to("odd-test-channel:1").text("x").build());
      assertThat(receipt.await(Duration.ofSeconds(10)))
          .hasValueSatisfying(outcome -> assertThat(outcome.reason()).isEqualTo("mine"));
      assertThat(notifier.stats().channels().get(ODD).capacity()).isEqualTo(7);
    }
  }

  @Test
  void aMissingSettingIsToldBeforeAnythingStarts() {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(
            () -> builder().environment(Map.of("NOTIFIER_ODD_TEST_CHANNEL_URLL", "x")).build())
        .withMessage(
            "setting notifier.odd-test-channel.url is missing: set it, or"
                + " NOTIFIER_ODD_TEST_CHANNEL_URL");
  }

  // --- Channels, policies, store ----------------------------------------------------------------

  @Test
  void oneIdIsTakenOnce() {
    assertThatIllegalStateException()
        .isThrownBy(() -> builder().channel("pager", ACCEPTING).channel("pager", ACCEPTING))
        .withMessage("channel 'pager' was added already");
  }

  @Test
  void aPolicyForAChannelThatIsNotThereIsRefusedAndEveryChannelClosed() {
    Channel channel = mock(Channel.class);
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(
            () ->
                builder()
                    .channel("pager", channel)
                    .policy("pagr", ChannelPolicy.defaults())
                    .build())
        .withMessage("there is a policy for channel 'pagr', but no such channel; found: [pager]");
    verify(channel).close();
  }

  @Test
  void aFactoryThatFailsLeavesNothingOpen() {
    Channel channel = mock(Channel.class);
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> builder().channel("fax", channel).channel(factory("pager", null)).build())
        .withMessageStartingWith("channel 'pager' was not made");
    verify(channel).close();
  }

  @Test
  void thePolicyOfAChannelIsTheApplicationsOrItsOwnOrTheDefault() {
    Channel modest = mock(Channel.class);
    when(modest.policy(any()))
        .thenAnswer(call -> call.<ChannelPolicy>getArgument(0).toBuilder().concurrency(1).build());
    try (Notifier notifier =
        builder()
            .defaultPolicy(ChannelPolicy.builder().capacity(10).build())
            .channel("plain", ACCEPTING)
            .channel("modest", modest)
            .channel("told", ACCEPTING)
            .policy("told", ChannelPolicy.builder().capacity(30).build())
            .buildStepped()) {
      Map<ChannelId, ChannelStats> stats = notifier.stats().channels();
      assertThat(stats.get(ChannelId.of("plain")).capacity()).isEqualTo(10);
      assertThat(stats.get(ChannelId.of("modest")).capacity()).isEqualTo(10);
      assertThat(stats.get(ChannelId.of("told")).capacity()).isEqualTo(30);
    }
    verify(modest).policy(any());
  }

  @Test
  void aStoreThatFailsRefusesTheNotification() {
    NotificationStore store = mock(NotificationStore.class, CALLS_REAL_METHODS);
    doThrow(new StoreException("insert failed", null)).when(store).insert(any());
    try (Notifier notifier = builder().store(store).channel("pager", ACCEPTING).buildStepped()) {
      Notification notification = Notification.to("pager:1").text("x").build();
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> notifier.send(notification))
          .withMessage("insert failed");
      assertThat(notifier.stats().total(ChannelStats.Event.ACCEPTED)).isZero();
    }
    verify(store).close();
  }

  private static ChannelFactory factory(String id, Channel channel) {
    return new ChannelFactory() {
      @Override
      public ChannelId id() {
        return ChannelId.of(id);
      }

      @Override
      public Channel create() {
        return channel;
      }
    };
  }

  // --- Bounds -----------------------------------------------------------------------------------

  static Stream<Arguments> outOfBounds() {
    Duration day = Duration.ofDays(1);
    Duration huge = Duration.ofSeconds(Long.MAX_VALUE);
    String bounds = " must be more than zero and at most 3650 days, but was ";
    return Stream.of(
        refused(() -> builder().name(" "), "name must not be blank"),
        refused(() -> builder().history(0, day), "history must be from 1 to 10000000"),
        refused(() -> builder().history(10_000_001, day), "history must be from 1 to 10000000"),
        refused(() -> builder().history(1, Duration.ZERO), "history age" + bounds + "PT0S"),
        refused(() -> builder().idempotencyWindow(huge), "idempotencyWindow" + bounds),
        refused(() -> builder().longestLife(day.negated()), "longestLife" + bounds));
  }

  @ParameterizedTest
  @MethodSource("outOfBounds")
  void whatIsOutOfBoundsIsRefusedWithTheRule(ThrowingCallable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessageStartingWith(message);
  }

  static Stream<Arguments> nulls() {
    return Stream.of(
        refused(() -> builder().channel(null), "channel"),
        refused(() -> builder().channel("pager", null), "channel"),
        refused(() -> builder().channel(null, ACCEPTING), "value"),
        refused(() -> builder().policy("pager", null), "policy"),
        refused(() -> builder().defaultPolicy(null), "policy"),
        refused(() -> builder().store(null), "store"),
        refused(() -> builder().properties((Path) null), "file"),
        refused(() -> builder().properties((Properties) null), "properties"),
        refused(() -> builder().environment(null), "variables"),
        refused(() -> builder().listener(null), "listener"),
        refused(() -> builder().interceptor(null), "interceptor"),
        refused(() -> builder().name(null), "name"),
        refused(() -> builder().history(1, null), "history age"),
        refused(() -> builder().idempotencyWindow(null), "idempotencyWindow"),
        refused(() -> builder().longestLife(null), "longestLife"),
        refused(() -> builder().clock(null), "clock"));
  }

  @ParameterizedTest
  @MethodSource("nulls")
  void nullIsRefusedByName(ThrowingCallable call, String name) {
    assertThatNullPointerException().isThrownBy(call).withMessage(name);
  }

  private static Arguments refused(ThrowingCallable call, String message) {
    return arguments(call, message);
  }
}
