package dev.notifier.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** Where connections come from, within a bounded time. Thread-safe. */
interface Connections {
  Connection open() throws SQLException;
}
