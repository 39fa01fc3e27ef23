/**
 * A door to the store's package-private parts, for benchmarks only: it opens on the class path, and
 * the library needs no public internals for it.
 */
@NullMarked
package dev.notifier.store.jdbc;

import org.jspecify.annotations.NullMarked;
