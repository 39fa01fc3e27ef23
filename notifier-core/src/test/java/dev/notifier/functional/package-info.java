/** What a notifier promises, seen from outside: for those who change the engine. */
@NullMarked
package dev.notifier.functional;

import org.jspecify.annotations.NullMarked;
