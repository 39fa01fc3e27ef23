package dev.notifier.benchmarks;

import dev.notifier.ChannelId;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryResult;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.channel.email.EmailChannel;
import dev.notifier.channel.email.SmtpChannelBuilder;
import dev.notifier.spi.Channel;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.simplejavamail.api.email.Email;
import org.simplejavamail.api.mailer.Mailer;
import org.simplejavamail.api.mailer.config.TransportStrategy;
import org.simplejavamail.email.EmailBuilder;
import org.simplejavamail.mailer.MailerBuilder;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.mail.javamail.MimeMessageHelper;

/**
 * How many messages a second does the email channel send, compared with what else there is?
 *
 * <p>Eight threads send messages of 2 KB, text and HTML, each composed anew, to a sink on loopback.
 * "StreamProvider once" is the loop before it with the system property that spares jakarta.mail a
 * scan of the class path for every part of every message; it is set while that loop runs, and only
 * then. The bare socket sends the same composed bytes over and over.
 *
 * <pre>{@code
 * mvn -q -B -ntp -Pbenchmark -pl notifier-benchmarks -am process-classes \
 *     -Dbenchmark=EmailBenchmark [-Drun.args="5000 7 tls"]
 * }</pre>
 *
 * <p>Arguments: messages per round (5,000), rounds (7), {@code tls} for TLS from the first byte.
 */
final class EmailBenchmark {
  private static final int THREADS = 8;
  private static final String PROVIDER = "jakarta.mail.util.StreamProvider";
  private static final String PROVIDER_CLASS = "org.eclipse.angus.mail.util.MailStreamProvider";
  private static final String FROM = "no-reply@example.com";
  private static final String TO = "ada@example.com";
  private static final String SUBJECT = "Your order has shipped";
  private static final String TEXT = "It arrives on Monday, für Sie. ".repeat(20);
  private static final String HTML = "<p>It arrives on <b>Monday</b>, für Sie.</p>\n".repeat(31);

  private final int jobs;
  private final int port;
  private final boolean tls;
  private final SSLContext context;
  private final Session session;
  private final Notification notification =
      Notification.to("email:" + TO).subject(SUBJECT).text(TEXT).html(HTML).build();

  private EmailBenchmark(int jobs, int port, boolean tls, SSLContext context) {
    this.jobs = jobs;
    this.port = port;
    this.tls = tls;
    this.context = context;
    this.session = Session.getInstance(properties());
  }

  /** Runs the benchmark. */
  public static void main(String... args) throws Exception {
    int jobs = args.length > 0 ? Integer.parseInt(args[0]) : 5_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 7;
    boolean tls = args.length > 2 && args[2].equals("tls");
    SSLContext context = selfSigned();
    ServerSocketFactory sockets =
        tls ? context.getServerSocketFactory() : ServerSocketFactory.getDefault();
    Machine.print();
    System.out.printf(
        "%,d messages a round by %d threads, %d rounds%s%n",
        jobs, THREADS, rounds, tls ? ", TLS" : "");
    try (MailSink sink = new MailSink(sockets, true);
        MailSink plainSink = new MailSink(sockets, false)) {
      new EmailBenchmark(jobs, sink.port(), tls, context).compare(rounds, sink, plainSink);
    }
  }

  private void compare(int rounds, MailSink sink, MailSink withoutPipelining) throws Exception {
    try (Channel channel = channel(port).create();
        Channel inTurn = channel(withoutPipelining.port()).create();
        Channel unkept = channel(port).messagesPerConnection(1).create()) {
      Comparison comparison =
          new Comparison("email channel")
              .inThousands()
              .add("email channel", () -> rate(sink, () -> send(channel)))
              .add("without PIPELINING", () -> rate(withoutPipelining, () -> send(inTurn)))
              .add("no connection kept", () -> rate(sink, () -> send(unkept)))
              .add("Transport.send", () -> rate(sink, () -> Transport.send(message())));
      Mailer simple = simpleJavaMail();
      if (!tls) {
        JavaMailSenderImpl spring = spring();
        comparison
            .add("Spring JavaMailSenderImpl", () -> rate(sink, () -> spring.send(message(spring))))
            .add("simple-java-mail, pool", () -> rate(sink, () -> simple.sendMail(email()).join()));
      }
      comparison
          .add("kept Transport per thread", () -> keptTransports(sink))
          .add("kept, StreamProvider once", () -> withProvider(() -> keptTransports(sink)));
      if (!tls) {
        comparison.add("bare socket", () -> bareSockets(sink));
      }
      comparison.run(rounds);
      simple
          .shutdownConnectionPool()
          .get(10, TimeUnit.SECONDS); // which keeps the JVM alive, and tries to reconnect for ever
    }
    System.out.printf(
        "%,d connections were made to the sinks%n",
        sink.connections() + withoutPipelining.connections());
  }

  // --- Measuring --------------------------------------------------------------------------------

  @FunctionalInterface
  private interface Job {
    void run() throws Exception;
  }

  @FunctionalInterface
  private interface Round {
    double run() throws InterruptedException;
  }

  private double rate(MailSink sink, Job job) throws InterruptedException {
    long before = sink.messages();
    long start = System.nanoTime();
    Load.produce(THREADS, jobs, index -> unchecked(job));
    double rate = jobs * 1e9 / (System.nanoTime() - start);
    check(sink.messages() - before == jobs, "the sink did not get every message");
    return rate;
  }

  private static void unchecked(Job job) {
    try {
      job.run();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void check(boolean fine, String otherwise) {
    if (!fine) {
      throw new IllegalStateException(otherwise);
    }
  }

  private static double withProvider(Round round) throws InterruptedException {
    System.setProperty(PROVIDER, PROVIDER_CLASS);
    try {
      return round.run();
    } finally {
      System.clearProperty(PROVIDER);
    }
  }

  // --- The channel ------------------------------------------------------------------------------

  private SmtpChannelBuilder channel(int port) {
    SmtpChannelBuilder builder =
        EmailChannel.smtp("localhost", port).from(FROM).sslContext(context);
    return tls ? builder.implicitTls() : builder.plaintext();
  }

  private void send(Channel channel) throws Exception {
    DeliveryId id = new DeliveryId(new NotificationId(new UUID(0, 0)), 0);
    DeliveryAttempt attempt = DeliveryAttempt.of(id, notification, ChannelId.of("email"), 1);
    check(channel.send(attempt) instanceof DeliveryResult.Accepted, "the sink did not accept");
  }

  // --- jakarta.mail -----------------------------------------------------------------------------

  private Properties properties() {
    Properties properties = new Properties();
    properties.setProperty("mail.smtp.host", "localhost");
    properties.setProperty("mail.smtp.port", String.valueOf(port));
    properties.setProperty("mail.smtp.ssl.enable", String.valueOf(tls));
    properties.put("mail.smtp.ssl.socketFactory", context.getSocketFactory());
    return properties;
  }

  @SuppressWarnings("JavaUtilDate") // jakarta.mail's
  private MimeMessage message() throws MessagingException {
    MimeBodyPart text = new MimeBodyPart();
    text.setText(TEXT, "UTF-8");
    MimeBodyPart html = new MimeBodyPart();
    html.setText(HTML, "UTF-8", "html");
    MimeMessage message = new MimeMessage(session);
    message.setFrom(FROM);
    message.setRecipient(RecipientType.TO, new InternetAddress(TO));
    message.setSubject(SUBJECT, "UTF-8");
    message.setSentDate(new Date());
    message.setContent(new MimeMultipart("alternative", text, html));
    return message;
  }

  private double keptTransports(MailSink sink) throws InterruptedException {
    Map<Thread, Transport> transports = new ConcurrentHashMap<>();
    double rate =
        rate(
            sink,
            () -> {
              Transport transport = transports.get(Thread.currentThread());
              if (transport == null) {
                transport = session.getTransport("smtp");
                transport.connect();
                transports.put(Thread.currentThread(), transport);
              }
              MimeMessage message = message();
              message.saveChanges();
              transport.sendMessage(message, message.getAllRecipients());
            });
    transports.values().forEach(transport -> unchecked(transport::close));
    return rate;
  }

  // --- Others -----------------------------------------------------------------------------------

  private JavaMailSenderImpl spring() {
    JavaMailSenderImpl sender = new JavaMailSenderImpl();
    sender.setHost("localhost");
    sender.setPort(port);
    return sender;
  }

  private static MimeMessage message(JavaMailSenderImpl sender) throws MessagingException {
    MimeMessage message = sender.createMimeMessage();
    MimeMessageHelper helper =
        new MimeMessageHelper(message, MimeMessageHelper.MULTIPART_MODE_MIXED_RELATED, "UTF-8");
    helper.setFrom(FROM);
    helper.setTo(TO);
    helper.setSubject(SUBJECT);
    helper.setText(TEXT, HTML);
    return message;
  }

  private Mailer simpleJavaMail() {
    return MailerBuilder.withSMTPServer("localhost", port)
        .withTransportStrategy(TransportStrategy.SMTP)
        .withConnectionPoolCoreSize(THREADS)
        .withConnectionPoolMaxSize(THREADS)
        .withThreadPoolSize(THREADS)
        .buildMailer();
  }

  private static Email email() {
    return EmailBuilder.startingBlank()
        .from(FROM)
        .to(TO)
        .withSubject(SUBJECT)
        .withPlainText(TEXT)
        .withHTMLText(HTML)
        .buildEmail();
  }

  // --- As fast as it gets -----------------------------------------------------------------------

  private double bareSockets(MailSink sink) throws InterruptedException {
    byte[] envelope = ascii("MAIL FROM:<" + FROM + ">\r\nRCPT TO:<" + TO + ">\r\nDATA\r\n");
    byte[] message =
        ascii("Subject: x\r\n\r\n" + "It arrives on Monday, fuer Sie.\r\n".repeat(85) + ".\r\n");
    Map<Thread, BareSocket> sockets = new ConcurrentHashMap<>();
    double rate =
        rate(
            sink,
            () -> {
              BareSocket socket = sockets.get(Thread.currentThread());
              if (socket == null) {
                socket = BareSocket.greetedBy(port);
                sockets.put(Thread.currentThread(), socket);
              }
              socket.say(envelope, 3);
              socket.say(message, 1);
            });
    sockets.values().forEach(socket -> unchecked(socket.out()::close));
    return rate;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private record BareSocket(InputStream in, OutputStream out) {
    static BareSocket greetedBy(int port) throws IOException {
      Socket socket = new Socket("localhost", port);
      socket.setTcpNoDelay(true);
      BareSocket bare =
          new BareSocket(
              new BufferedInputStream(socket.getInputStream()), socket.getOutputStream());
      bare.say(ascii("HELO bare\r\n"), 4); // the greeting, and three lines of features
      return bare;
    }

    void say(byte[] words, int answers) throws IOException {
      out.write(words);
      for (int left = answers; left > 0; ) {
        int octet = in.read();
        check(octet >= 0, "the sink has hung up");
        left -= octet == '\n' ? 1 : 0;
      }
    }
  }

  // --- TLS --------------------------------------------------------------------------------------

  private static SSLContext selfSigned() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("email-benchmark");
    Path file = folder.resolve("localhost.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    Process process =
        new ProcessBuilder(
                List.of(
                    keytool,
                    "-genkeypair",
                    "-alias",
                    "sink",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=sink",
                    "-ext",
                    "san=dns:localhost",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    file.toString(),
                    "-storepass",
                    "changeit",
                    "-validity",
                    "2"))
            .inheritIO()
            .start();
    check(process.waitFor() == 0, "keytool made no certificate");
    try (InputStream in = Files.newInputStream(file)) {
      return context(in);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } finally {
      Files.delete(file);
      Files.delete(folder);
    }
  }

  private static SSLContext context(InputStream in) throws IOException, GeneralSecurityException {
    char[] password = "changeit".toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(in, password);
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, password);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("sink", store.getCertificate("sink"));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
