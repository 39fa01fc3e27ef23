/** For authors of channels that speak HTTP; applications have no need of it. */
@NullMarked
package dev.notifier.http;

import org.jspecify.annotations.NullMarked;
