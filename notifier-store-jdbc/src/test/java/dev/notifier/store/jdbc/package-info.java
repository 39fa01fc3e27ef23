/**
 * Tests of the JDBC store, on databases that {@link dev.notifier.store.jdbc.TestDatabase} starts.
 */
@NullMarked
package dev.notifier.store.jdbc;

import org.jspecify.annotations.NullMarked;
