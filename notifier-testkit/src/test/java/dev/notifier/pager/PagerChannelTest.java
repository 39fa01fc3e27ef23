package dev.notifier.pager;

import dev.notifier.Notification;
import dev.notifier.spi.Channel;
import dev.notifier.testkit.ChannelContract;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

class PagerChannelTest extends ChannelContract {
  private final FakePagerServer server = FakePagerServer.start();

  @Override
  protected Channel createChannel() {
    return new PagerChannel(server.address(), "s3cret-token", Duration.ofMillis(500));
  }

  @Override
  protected Notification notification() {
    return Notification.to("pager:4711-0815").text("The cellar is under water.").build();
  }

  @Override
  protected List<Notification> unsendableNotifications() {
    return List.of(Notification.to("pager:ground floor").text("Water!").build());
  }

  @Override
  protected Set<String> secrets() {
    return Set.of("s3cret-token");
  }

  @Override
  protected Provider provider() {
    return server;
  }

  @AfterEach
  void stopServer() throws IOException {
    server.close();
  }
}
