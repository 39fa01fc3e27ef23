/** Email, for applications that send it: {@link dev.notifier.channel.email.EmailChannel}. */
@NullMarked
package dev.notifier.channel.email;

import org.jspecify.annotations.NullMarked;
