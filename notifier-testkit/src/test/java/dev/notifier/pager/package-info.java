/** A channel as a stranger would write it, for the tests of the test kit. */
@NullMarked
package dev.notifier.pager;

import org.jspecify.annotations.NullMarked;
