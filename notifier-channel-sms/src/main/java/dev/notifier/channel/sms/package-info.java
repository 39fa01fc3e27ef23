/** For applications: SMS and MMS over Twilio and Vonage. */
@NullMarked
package dev.notifier.channel.sms;

import org.jspecify.annotations.NullMarked;
