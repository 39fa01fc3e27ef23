/** The house rules as tests, for whoever changes the core. */
@NullMarked
package dev.notifier.architecture;

import org.jspecify.annotations.NullMarked;
