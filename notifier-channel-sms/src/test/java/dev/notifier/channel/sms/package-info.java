/** Tests of the SMS channel; WireMock plays the providers. */
@NullMarked
package dev.notifier.channel.sms;

import org.jspecify.annotations.NullMarked;
