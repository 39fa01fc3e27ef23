package dev.notifier;

/**
 * A transaction of the application's own, of which an accepted notification becomes a part: it
 * exists if, and only if, that transaction commits. The store's module makes one, such as {@code
 * JdbcTransaction.on(connection)}.
 */
public interface HostTransaction {}
