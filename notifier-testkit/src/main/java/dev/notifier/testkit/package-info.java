/** What authors of plug-ins and applications test with: contracts, fakes and recorders. */
@NullMarked
package dev.notifier.testkit;

import org.jspecify.annotations.NullMarked;
