/** Benchmarks: one plain main per question, for whoever works on the library's speed. */
@NullMarked
package dev.notifier.benchmarks;

import org.jspecify.annotations.NullMarked;
