package dev.notifier.channel.email;

import dev.notifier.ConfigurationException;
import dev.notifier.spi.Channel;
import dev.notifier.spi.ChannelFactory;
import dev.notifier.spi.ChannelProvider;
import dev.notifier.spi.ProviderSettings;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Makes the channel {@code email} from settings. For {@link java.util.ServiceLoader}; applications
 * use {@link EmailChannel}.
 *
 * <p>Keys, after {@code notifier.email.}: {@code provider} ({@code smtp}, the default; {@code
 * sendgrid}; {@code ses}; or several with commas between them), {@code strategy} for several
 * ({@code failover}, the default; {@code round-robin}), {@code from} (needed), {@code reply-to},
 * {@code connect-timeout}, {@code read-timeout}.
 *
 * <p>For SMTP {@code host} (needed), {@code port}, {@code security} ({@code starttls}, the default;
 * {@code tls}; {@code plaintext}; {@code plaintext-with-credentials}), {@code failover} (other
 * servers, as {@code host} or {@code host:port}, set apart by commas), {@code user} with {@code
 * password} or {@code token-file} (a file that always holds a valid OAuth 2.0 access token), {@code
 * trust-store} and {@code trust-store-password}, {@code bounce-to}, {@code charset}, {@code
 * dkim-domain} and {@code dkim-selector} with {@code dkim-key} (PEM) or {@code dkim-key-file},
 * {@code local-host}, {@code write-timeout}, {@code acceptance-timeout}, {@code connections},
 * {@code messages-per-connection}, {@code connection-age}, {@code idle-timeout}, {@code
 * check-after-idle}, {@code retry-server-after}. The port defaults to 587, 465 or 25, as the
 * security goes; the rest to what {@link SmtpChannelBuilder} says.
 *
 * <p>For SendGrid {@code sendgrid-api-key} (needed), {@code sendgrid-event-key}, {@code
 * sendgrid-base-url}; for SES {@code ses-region}, {@code ses-access-key-id}, {@code
 * ses-secret-access-key} (all needed), {@code ses-session-token}, {@code ses-configuration-set},
 * {@code ses-event-topics} with commas between them, {@code ses-base-url}; for both {@code
 * call-timeout}.
 */
public final class EmailChannelProvider implements ChannelProvider {
  private enum Strategy {
    FAILOVER,
    ROUND_ROBIN
  }

  /** Creates the provider. */
  public EmailChannelProvider() {}

  @Override
  public String id() {
    return "email";
  }

  @Override
  public Channel create(ProviderSettings settings) {
    try {
      return factory(settings).create();
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new ConfigurationException("settings " + settings.name("*") + ": " + e.getMessage(), e);
    }
  }

  private static ChannelFactory factory(ProviderSettings settings) {
    List<ChannelFactory> all = new ArrayList<>();
    for (String name : words(settings.optional("provider").orElse("smtp"))) {
      all.add(one(name.toLowerCase(Locale.ROOT), settings));
    }
    Optional<Strategy> strategy = settings.oneOf("strategy", Strategy.class);
    ChannelFactory first = all.remove(0);
    if (all.isEmpty()) {
      return first;
    }
    ChannelFactory[] more = all.toArray(new ChannelFactory[0]);
    return strategy.orElse(Strategy.FAILOVER) == Strategy.ROUND_ROBIN
        ? EmailChannel.roundRobin(first, more)
        : EmailChannel.failOver(first, more);
  }

  private static List<String> words(String list) {
    return List.of(list.strip().split("\\s*,\\s*", -1));
  }

  private static ChannelFactory one(String provider, ProviderSettings settings) {
    return switch (provider) {
      case "smtp" -> smtp(settings);
      case "sendgrid" -> sendGrid(settings);
      case "ses" -> ses(settings);
      default ->
          throw new ConfigurationException(
              "setting "
                  + settings.name("provider")
                  + " must be smtp, sendgrid, ses, or several with commas between them, but has "
                  + HeaderText.quoted(provider));
    };
  }

  // --- SMTP -------------------------------------------------------------------------------------

  private static SmtpChannelBuilder smtp(ProviderSettings settings) {
    SmtpSecurity security =
        settings.oneOf("security", SmtpSecurity.class).orElse(SmtpSecurity.STARTTLS);
    int port = settings.integer("port", 1, 65_535).orElse(security.usualPort());
    SmtpChannelBuilder builder =
        EmailChannel.smtp(settings.required("host"), port)
            .security(security)
            .from(settings.required("from"));
    settings.optional("failover").ifPresent(servers -> failOver(servers, port, builder));
    logIn(settings, builder);
    trust(settings, builder);
    settings.optional("reply-to").ifPresent(builder::replyTo);
    settings.optional("bounce-to").ifPresent(builder::bounceTo);
    settings.optional("charset").map(EmailChannelProvider::charset).ifPresent(builder::charset);
    signer(settings).ifPresent(builder::dkim);
    settings.optional("local-host").ifPresent(builder::localHost);
    settings.duration("connect-timeout").ifPresent(builder::connectTimeout);
    settings.duration("read-timeout").ifPresent(builder::readTimeout);
    settings.duration("write-timeout").ifPresent(builder::writeTimeout);
    settings.duration("acceptance-timeout").ifPresent(builder::acceptanceTimeout);
    keepConnections(settings, builder);
    return builder;
  }

  private static void failOver(String servers, int port, SmtpChannelBuilder builder) {
    for (String server : servers.split(",", -1)) {
      HostAndPort address = HostAndPort.parse(server.strip(), port);
      builder.failover(address.host(), address.port());
    }
  }

  private static void keepConnections(ProviderSettings settings, SmtpChannelBuilder builder) {
    settings.integer("connections", 1, 1000).ifPresent(builder::connections);
    settings
        .integer("messages-per-connection", 1, Integer.MAX_VALUE)
        .ifPresent(builder::messagesPerConnection);
    settings.duration("connection-age").ifPresent(builder::connectionAge);
    settings.duration("idle-timeout").ifPresent(builder::idleTimeout);
    settings.duration("check-after-idle").ifPresent(builder::checkAfterIdle);
    settings.duration("retry-server-after").ifPresent(builder::retryServerAfter);
  }

  private static void trust(ProviderSettings settings, SmtpChannelBuilder builder) {
    Optional<Path> file = settings.optional("trust-store").map(Path::of);
    Optional<String> password = settings.secret("trust-store-password");
    if (file.isPresent()) {
      password.ifPresentOrElse(
          word -> builder.trustStore(file.get(), word), () -> builder.trustStore(file.get()));
    } else if (password.isPresent()) {
      throw new ConfigurationException(
          "setting " + settings.name("trust-store") + " is missing, but its password is set");
    }
  }

  private static void logIn(ProviderSettings settings, SmtpChannelBuilder builder) {
    Optional<String> user = settings.optional("user");
    Optional<String> password = settings.secret("password");
    Optional<Path> tokenFile = settings.optional("token-file").map(Path::of);
    if (password.isPresent() && tokenFile.isPresent()) {
      throw new ConfigurationException(
          "settings "
              + settings.name("password")
              + " and "
              + settings.name("token-file")
              + " exclude each other");
    }
    if (user.isPresent() != (password.isPresent() || tokenFile.isPresent())) {
      throw new ConfigurationException(
          "setting "
              + settings.name(user.isPresent() ? "password" : "user")
              + " is missing: set user and one of password and token-file, or none of them");
    }
    user.ifPresent(
        name -> {
          password.ifPresent(word -> builder.credentials(name, word));
          tokenFile.ifPresent(file -> builder.oauth2(name, new TokenFile(file)));
        });
  }

  private static Charset charset(String name) {
    try {
      return Charset.forName(name);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "charset must be one that Java knows, such as UTF-8, but was " + HeaderText.quoted(name),
          e);
    }
  }

  private static Optional<DkimSigner> signer(ProviderSettings settings) {
    Optional<String> key = settings.optional("dkim-key");
    Optional<String> file = settings.optional("dkim-key-file");
    boolean named =
        settings.optional("dkim-domain").isPresent()
            || settings.optional("dkim-selector").isPresent();
    if (key.isPresent() == file.isPresent() && (named || key.isPresent())) {
      throw new ConfigurationException(
          "set one of "
              + settings.name("dkim-key")
              + " and "
              + settings.name("dkim-key-file")
              + ", or no DKIM at all");
    }
    if (key.isEmpty() && file.isEmpty()) {
      return Optional.empty();
    }
    String domain = settings.required("dkim-domain");
    String selector = settings.required("dkim-selector");
    return Optional.of(
        key.map(pem -> DkimSigner.pem(domain, selector, pem))
            .orElseGet(() -> DkimSigner.file(domain, selector, Path.of(file.orElseThrow()))));
  }

  // --- HTTP -------------------------------------------------------------------------------------

  private static SendGridAccount sendGrid(ProviderSettings settings) {
    SendGridAccount account = EmailChannel.sendGrid(secret("sendgrid-api-key", settings));
    settings.optional("sendgrid-event-key").ifPresent(account::eventKey);
    settings.optional("sendgrid-base-url").ifPresent(account::baseUrl);
    return common(account, settings);
  }

  private static SesAccount ses(ProviderSettings settings) {
    AwsCredentials credentials =
        new AwsCredentials(
            settings.required("ses-access-key-id"),
            secret("ses-secret-access-key", settings),
            settings.secret("ses-session-token"));
    SesAccount account = EmailChannel.ses(settings.required("ses-region"), () -> credentials);
    settings.optional("ses-configuration-set").ifPresent(account::configurationSet);
    settings
        .optional("ses-event-topics")
        .ifPresent(list -> words(list).forEach(account::eventTopic));
    settings.optional("ses-base-url").ifPresent(account::baseUrl);
    return common(account, settings);
  }

  private static String secret(String key, ProviderSettings settings) {
    settings.required(key);
    return settings.secret(key).orElseThrow();
  }

  private static <F extends HttpEmailAccount<F>> F common(F account, ProviderSettings settings) {
    account.from(settings.required("from"));
    settings.optional("reply-to").ifPresent(account::replyTo);
    settings.duration("connect-timeout").ifPresent(account::connectTimeout);
    settings.duration("read-timeout").ifPresent(account::readTimeout);
    settings.duration("call-timeout").ifPresent(account::callTimeout);
    return account;
  }
}
