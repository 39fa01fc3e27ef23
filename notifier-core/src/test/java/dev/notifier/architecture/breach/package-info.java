/** A house that breaks every rule, for {@code ArchitectureTest}. */
@NullMarked
package dev.notifier.architecture.breach;

import org.jspecify.annotations.NullMarked;
