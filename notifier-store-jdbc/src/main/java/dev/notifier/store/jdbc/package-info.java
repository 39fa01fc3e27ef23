/** For applications that want their notifications to survive: the JDBC store and its settings. */
@NullMarked
package dev.notifier.store.jdbc;

import org.jspecify.annotations.NullMarked;
