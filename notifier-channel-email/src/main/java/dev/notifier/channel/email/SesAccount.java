package dev.notifier.channel.email;

import dev.notifier.http.HttpSender;
import dev.notifier.spi.Channel;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Amazon SES in one region: made by {@link EmailChannel#ses}. Not thread-safe. */
public final class SesAccount extends HttpEmailAccount<SesAccount> {
  private static final Pattern CONFIGURATION_SET = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private final String region;
  private final Supplier<AwsCredentials> credentials;
  private final Set<SnsTopic> topics = new LinkedHashSet<>();
  private @Nullable String configurationSet;

  SesAccount(String region, Supplier<AwsCredentials> credentials) {
    super("https://email." + AwsRegion.checked(region) + "." + AwsRegion.domain(region));
    this.region = region;
    this.credentials = Objects.requireNonNull(credentials, "credentials");
  }

  /**
   * Sets the configuration set, which decides among other things to which topic events go. By
   * default that of the sender's identity, if it has one.
   *
   * @throws IllegalArgumentException if it is not 1 to 64 letters, digits, hyphens and underscores
   */
  public SesAccount configurationSet(String name) {
    if (!CONFIGURATION_SET.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "configurationSet must be 1 to 64 letters, digits, hyphens and underscores, but was "
              + HeaderText.quoted(name));
    }
    this.configurationSet = name;
    return this;
  }

  /**
   * Allows a topic of Amazon SNS to report what became of messages, and to confirm its
   * subscription. Can be called several times. By default none is, and every event is refused:
   * anybody with an account can have Amazon sign events.
   *
   * @param arn the topic's name, {@code arn:aws:sns:region:account:name}
   * @throws IllegalArgumentException if it is no such name
   */
  public SesAccount eventTopic(String arn) {
    topics.add(SnsTopic.parse(arn));
    return this;
  }

  @Override
  SesAccount self() {
    return this;
  }

  @Override
  Channel channel(MessageSettings settings, HttpSender http) {
    SesEvents events = new SesEvents(new SnsInbox(topics, http::send, clock()));
    String senderDomain = settings.from().address().domain();
    return new HttpEmailChannel(new SesGateway(this, senderDomain, events), settings, http);
  }

  String region() {
    return region;
  }

  AwsCredentials credentials() {
    return Objects.requireNonNull(credentials.get(), "the supplier of credentials returned null");
  }

  Optional<String> configurationSet() {
    return Optional.ofNullable(configurationSet);
  }
}
