package dev.notifier.examples;

import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.subethamail.smtp.MessageContext;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.server.SMTPServer;

/** An SMTP server on the loopback address that refuses some recipients, and keeps what it gets. */
final class LoopbackMailServer implements AutoCloseable {
  /** The server says that nobody of this domain exists. */
  static final String NOBODY_AT = "@gone.example";

  /** A recipient for whom the server asks to come back later, twice. */
  static final String FAILS_TWICE = "busy@example.com";

  private final SMTPServer server;
  private final List<String> received = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> refusals = new ConcurrentHashMap<>();

  private LoopbackMailServer() {
    server =
        SMTPServer.port(0)
            .bindAddress(InetAddress.getLoopbackAddress())
            .messageHandlerFactory(Handler::new)
            .build();
  }

  static LoopbackMailServer start() {
    LoopbackMailServer started = new LoopbackMailServer();
    started.server.start();
    return started;
  }

  int port() {
    return server.getPortAllocated();
  }

  void printReceived() {
    System.out.println();
    System.out.println("The server received " + received.size() + " messages:");
    received.forEach(message -> System.out.println("  " + message));
  }

  @Override
  public void close() {
    server.stop();
  }

  private void refuseSome(String recipient) throws RejectException {
    if (recipient.endsWith(NOBODY_AT)) {
      throw new RejectException(550, "5.1.1 no such user");
    }
    if (recipient.equals(FAILS_TWICE) && refusals.merge(recipient, 1, Integer::sum) <= 2) {
      throw new RejectException(451, "4.3.0 try again later");
    }
  }

  /** One message, as it comes in. */
  private final class Handler implements MessageHandler {
    private final List<String> recipients = new ArrayList<>();

    Handler(MessageContext context) {}

    @Override
    public void from(String from) {}

    @Override
    public void recipient(String recipient) throws RejectException {
      refuseSome(recipient);
      recipients.add(recipient);
    }

    @Override
    public String data(InputStream data) throws RejectException, IOException {
      try {
        MimeMessage message = new MimeMessage(null, data);
        received.add(
            "to %s: \"%s\", %s".formatted(recipients, message.getSubject(), describe(message)));
        return "kept";
      } catch (MessagingException e) {
        throw new RejectException(554, "5.6.0 not a message: " + e.getMessage());
      }
    }

    @Override
    public void done() {}

    private static String describe(Part part) throws MessagingException, IOException {
      if (part.getContent() instanceof Multipart parts) {
        List<String> described = new ArrayList<>();
        for (int i = 0; i < parts.getCount(); i++) {
          described.add(describe(parts.getBodyPart(i)));
        }
        return baseType(part) + described;
      }
      return part.getFileName() == null
          ? baseType(part)
          : part.getFileName() + " (" + baseType(part) + ")";
    }

    private static String baseType(Part part) throws MessagingException {
      return part.getContentType().split(";", 2)[0];
    }
  }
}
