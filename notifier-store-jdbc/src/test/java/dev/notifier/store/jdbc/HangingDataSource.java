package dev.notifier.store.jdbc;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** A pool that answers only when it is let; it counts the connections that come back. */
final class HangingDataSource extends BareDataSource {
  private final DataSource database;
  private final CountDownLatch release;
  private final BlockingQueue<Connection> opened = new LinkedBlockingQueue<>();
  private final Semaphore closed = new Semaphore(0);

  HangingDataSource(DataSource database, CountDownLatch release) {
    this.database = database;
    this.release = release;
  }

  @Override
  public Connection getConnection() throws SQLException {
    try {
      release.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new SQLException(e);
    }
    Connection connection = database.getConnection();
    opened.add(connection);
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              Object result = method.invoke(connection, arguments);
              if (method.getName().equals("close")) {
                closed.release();
              }
              return result;
            });
  }

  BlockingQueue<Connection> opened() {
    return opened;
  }

  Semaphore closed() {
    return closed;
  }
}
