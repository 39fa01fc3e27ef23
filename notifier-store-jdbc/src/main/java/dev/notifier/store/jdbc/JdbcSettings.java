package dev.notifier.store.jdbc;

import dev.notifier.ConfigurationException;
import dev.notifier.spi.ProviderSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What can be set about a JDBC store. Immutable. */
final class JdbcSettings {
  private static final int LONGEST_NAME = 200;

  private final @Nullable DataSource dataSource;
  private final @Nullable JdbcUrl url;
  private final @Nullable String user;
  private final @Nullable String password;
  private final TablePrefix prefix;
  private final SchemaMode schema;
  private final Duration startupWait;
  private final Duration historyAge;
  private final boolean keepContent;
  private final Duration lease;
  private final Duration horizon;
  private final Duration acceptTimeout;
  private final String nodeName;
  private final Duration idempotencyWindow;
  private final @Nullable PayloadCipher cipher;
  private final InstantSource clock;
  private final boolean correctsClock;
  private final LongSupplier trustClock;

  private JdbcSettings(Builder builder) {
    this.dataSource = builder.dataSource;
    this.url = builder.url;
    this.user = builder.user;
    this.password = builder.password;
    this.prefix = builder.prefix;
    this.schema = builder.schema;
    this.startupWait = builder.startupWait;
    this.historyAge = builder.historyAge;
    this.keepContent = builder.keepContent;
    this.lease = builder.lease;
    this.horizon = builder.horizon;
    this.acceptTimeout = builder.acceptTimeout;
    this.idempotencyWindow = builder.idempotencyWindow;
    this.cipher = builder.cipher;
    this.clock = builder.clock;
    this.correctsClock = builder.correctsClock;
    this.trustClock =
        builder.trustClock == null
            ? new SleeplessClock(System::nanoTime, builder.clock)
            : builder.trustClock;
    this.nodeName = builder.nodeName == null ? defaultNodeName() : builder.nodeName;
  }

  /** Starts with a DataSource of the host. */
  static Builder on(DataSource dataSource) {
    Builder builder = new Builder();
    builder.dataSource = Objects.requireNonNull(dataSource, "dataSource");
    return builder;
  }

  /** Starts with a URL, for which a pool will be made. */
  static Builder on(String url, @Nullable String user, @Nullable String password) {
    Builder builder = new Builder();
    builder.url = new JdbcUrl(url);
    builder.user = user;
    builder.password = password;
    return builder;
  }

  /**
   * Reads {@code notifier.store.jdbc.*}.
   *
   * @throws ConfigurationException if a setting is missing or unusable
   */
  static JdbcSettings from(ProviderSettings settings) {
    try {
      return builder(settings).build();
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("settings " + settings.name("*") + ": " + e.getMessage(), e);
    }
  }

  private static Builder builder(ProviderSettings settings) {
    Builder builder =
        on(
            settings.required("url"),
            settings.optional("user").orElse(null),
            settings.secret("password").orElse(null));
    settings.optional("table-prefix").ifPresent(builder::prefix);
    settings.oneOf("schema", SchemaMode.class).ifPresent(builder::schema);
    settings.duration("startup-wait").ifPresent(builder::startupWait);
    settings.duration("history-age").ifPresent(builder::historyAge);
    settings.flag("keep-content").ifPresent(builder::keepContent);
    settings.duration("idempotency-window").ifPresent(builder::idempotencyWindow);
    settings.duration("lease").ifPresent(builder::lease);
    settings.duration("horizon").ifPresent(builder::horizon);
    settings.duration("accept-timeout").ifPresent(builder::acceptTimeout);
    settings.optional("node-name").ifPresent(builder::nodeName);
    KeyRing.from(settings).map(PayloadCipher::aes256).ifPresent(builder::encryption);
    return builder;
  }

  private static String defaultNodeName() {
    String host =
        Stream.of("HOSTNAME", "COMPUTERNAME")
            .map(System::getenv)
            .filter(name -> name != null && !name.isBlank())
            .findFirst()
            .orElseGet(JdbcSettings::hostName);
    String name = host + "-" + ProcessHandle.current().pid();
    return name.substring(Math.max(0, name.length() - LONGEST_NAME));
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  /**
   * Opens the way to the database, and brings the tables to where they have to be.
   *
   * @throws dev.notifier.NotifierException if the database is away, refuses, or has other tables
   *     than needed; the message says what to do
   */
  ConnectionSource connect() {
    ConnectionSource source = source();
    try {
      JdbcSchema tables = JdbcSchema.of(source.dataSource()).prefix(prefix.text());
      switch (schema) {
        case MIGRATE -> tables.migrate();
        case VALIDATE -> tables.validate();
        case NONE -> {}
      }
      return source;
    } catch (RuntimeException e) {
      source.close();
      throw e;
    }
  }

  private ConnectionSource source() {
    return dataSource == null
        ? ConnectionSource.of(Objects.requireNonNull(url), user, password, startupWait)
        : ConnectionSource.of(dataSource, startupWait);
  }

  /** What all names of tables and indexes begin with. */
  TablePrefix prefix() {
    return prefix;
  }

  SchemaMode schema() {
    return schema;
  }

  Duration startupWait() {
    return startupWait;
  }

  /** How long settled notifications are kept. */
  Duration historyAge() {
    return historyAge;
  }

  /** Whether history keeps what a notification said. */
  boolean keepContent() {
    return keepContent;
  }

  /** How long a node may be silent before the others take over what it holds. */
  Duration lease() {
    return lease;
  }

  /** What is due within it is held in memory. */
  Duration horizon() {
    return horizon;
  }

  /** How long a sender waits for its commit. */
  Duration acceptTimeout() {
    return acceptTimeout;
  }

  String nodeName() {
    return nodeName;
  }

  /** How long an idempotency key is known. */
  Duration idempotencyWindow() {
    return idempotencyWindow;
  }

  /** How bytes are stored: encrypted if there is a cipher. */
  Payloads payloads() {
    return cipher == null ? Payloads.plain() : Payloads.encrypted(cipher);
  }

  /** Whether payloads are encrypted. */
  boolean encrypts() {
    return cipher != null;
  }

  /** The clock of this machine. */
  InstantSource clock() {
    return clock;
  }

  /** Whether the database's clock corrects it. */
  boolean correctsClock() {
    return correctsClock;
  }

  /** By which the trust in the lease ends. */
  LongSupplier trustClock() {
    return trustClock;
  }

  /** The settings without the password. */
  @Override
  public String toString() {
    return "JdbcSettings["
        + Optional.<Object>ofNullable(url).orElse("a DataSource")
        + ", tables "
        + prefix
        + ", schema "
        + schema
        + ", startupWait "
        + startupWait
        + ", historyAge "
        + historyAge
        + ", keepContent "
        + keepContent
        + ", lease "
        + lease
        + ", horizon "
        + horizon
        + ", acceptTimeout "
        + acceptTimeout
        + ", node "
        + nodeName
        + "]";
  }

  /** Refuses a bad value at the call that brings it. */
  static final class Builder {
    private @Nullable DataSource dataSource;
    private @Nullable JdbcUrl url;
    private @Nullable String user;
    private @Nullable String password;
    private TablePrefix prefix = TablePrefix.DEFAULT;
    private SchemaMode schema = SchemaMode.MIGRATE;
    private Duration startupWait = Duration.ZERO;
    private Duration historyAge = Duration.ofDays(30);
    private boolean keepContent = true;
    private Duration lease = Duration.ofSeconds(15);
    private Duration horizon = Duration.ofSeconds(60);
    private Duration acceptTimeout = Duration.ofSeconds(10);
    private @Nullable String nodeName;
    private Duration idempotencyWindow = Duration.ofHours(24);
    private @Nullable PayloadCipher cipher;
    private InstantSource clock = InstantSource.system();
    private boolean correctsClock = true;
    private @Nullable LongSupplier trustClock;

    private Builder() {}

    Builder prefix(String prefix) {
      this.prefix = new TablePrefix(prefix);
      return this;
    }

    Builder schema(SchemaMode schema) {
      this.schema = Objects.requireNonNull(schema, "schema");
      return this;
    }

    Builder startupWait(Duration wait) {
      this.startupWait = within("startup-wait", wait, Duration.ZERO, Duration.ofHours(1));
      return this;
    }

    Builder historyAge(Duration age) {
      this.historyAge = within("history-age", age, Duration.ofMinutes(1), Duration.ofDays(3650));
      return this;
    }

    Builder keepContent(boolean keep) {
      this.keepContent = keep;
      return this;
    }

    /** Renewed three times in a lease, with 3 s to spare for what is on the wire. */
    Builder lease(Duration lease) {
      this.lease = within("lease", lease, Duration.ofSeconds(10), Duration.ofMinutes(10));
      return this;
    }

    Builder horizon(Duration horizon) {
      this.horizon = within("horizon", horizon, Duration.ofSeconds(1), Duration.ofHours(1));
      return this;
    }

    Builder acceptTimeout(Duration timeout) {
      this.acceptTimeout =
          within("accept-timeout", timeout, Duration.ofMillis(100), Duration.ofMinutes(5));
      return this;
    }

    Builder idempotencyWindow(Duration window) {
      this.idempotencyWindow =
          within("idempotency-window", window, Duration.ofSeconds(1), Duration.ofDays(365));
      return this;
    }

    Builder encryption(PayloadCipher cipher) {
      this.cipher = Objects.requireNonNull(cipher, "cipher");
      return this;
    }

    Builder clock(InstantSource clock, boolean correctedByDatabase) {
      this.clock = Objects.requireNonNull(clock, "clock");
      this.correctsClock = correctedByDatabase;
      return this;
    }

    /** A lease of any length, which no test has the time to wait for otherwise. */
    Builder shortLease(Duration lease) {
      this.lease = lease;
      return this;
    }

    /** Another clock for the trust in the lease, such as one that stands still. */
    Builder trustClock(LongSupplier nanos) {
      this.trustClock = nanos;
      return this;
    }

    Builder nodeName(String name) {
      if (name.isBlank()
          || name.length() > LONGEST_NAME
          || name.codePoints().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException(
            "node-name must be 1 to " + LONGEST_NAME + " printable characters");
      }
      this.nodeName = name;
      return this;
    }

    private static Duration within(String name, Duration value, Duration min, Duration max) {
      if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
        throw new IllegalArgumentException(
            name + " must be from " + min + " to " + max + ", but was " + value);
      }
      return value;
    }

    JdbcSettings build() {
      return new JdbcSettings(this);
    }
  }
}
