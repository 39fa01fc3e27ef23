package dev.notifier;

import java.util.List;
import java.util.Optional;

/**
 * How a notification would leave by one channel.
 *
 * @param channel the channel
 * @param address where it would go
 * @param content what it would say
 * @param notes what the channel has to tell about it, such as the number of SMS parts
 * @param warnings what a reader may stumble over, such as a missing plain text
 * @param problem why it could not be sent, if it could not
 */
public record ChannelPreview(
    ChannelId channel,
    Address address,
    Content content,
    List<String> notes,
    List<String> warnings,
    Optional<String> problem) {
  /** Creates the preview with copies of the lists. */
  public ChannelPreview {
    notes = List.copyOf(notes);
    warnings = List.copyOf(warnings);
  }
}
