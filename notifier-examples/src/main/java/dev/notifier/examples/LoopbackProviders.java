package dev.notifier.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** An HTTP server on the loopback address that plays Twilio and the Telegram Bot API. */
final class LoopbackProviders implements AutoCloseable {
  /** What both providers want to see; nobody else knows them. */
  static final String ACCOUNT_SID = "AC00000000000000000000000000000000";

  static final String AUTH_TOKEN = "0123456789abcdef0123456789abcdef";
  static final String BOT_TOKEN = "123456:abcdefghijklmnopqrstuvwxyz012345678";

  /** A number that cannot be, as Twilio says. */
  static final String BAD_NUMBER = "+15005550001";

  private final HttpServer server;

  private LoopbackProviders(HttpServer server) {
    this.server = server;
    server.createContext("/2010-04-01/", LoopbackProviders::answerText);
    server.createContext("/bot" + BOT_TOKEN + "/sendMessage", LoopbackProviders::acceptMessage);
  }

  static LoopbackProviders start() throws IOException {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    LoopbackProviders providers = new LoopbackProviders(HttpServer.create(anyPort, 0));
    providers.server.start();
    return providers;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private static void answerText(HttpExchange exchange) throws IOException {
    String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (form.contains(BAD_NUMBER.substring(1))) {
      answer(
          exchange,
          400,
          """
          {"code": 21211, "message": "The 'To' number is not a valid phone number.", "status": 400}""");
    } else {
      answer(
          exchange,
          201,
          """
          {"sid": "SM0123456789abcdef0123456789abcdef", "status": "queued", "error_code": null}""");
    }
  }

  private static void acceptMessage(HttpExchange exchange) throws IOException {
    answer(
        exchange,
        200,
        """
        {"ok": true, "result": {"message_id": 77, "date": 1767225600, "chat": {"id": 129384}}}""");
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      byte[] body = json.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
