/** What a notifier promises under many threads: for those who change the engine. */
@NullMarked
package dev.notifier.concurrent;

import org.jspecify.annotations.NullMarked;
