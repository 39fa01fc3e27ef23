package dev.notifier;

import java.time.Instant;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Where a stored template stands.
 *
 * @param name the template
 * @param revision counts every change, from 1; whoever changes the template next names the revision
 *     that it has seen
 * @param latestVersion the newest version
 * @param activeVersion the version that notifications use; empty if it is not active
 * @param channels the channels that the active version speaks on, or else the newest one
 * @param includes the layouts and partials that the active version includes, or else the newest one
 * @param createdAt when the first version was saved
 * @param changedAt when it was changed last
 */
public record TemplateSummary(
    String name,
    long revision,
    int latestVersion,
    OptionalInt activeVersion,
    Set<ChannelId> channels,
    Set<String> includes,
    Instant createdAt,
    Instant changedAt) {
  /** Creates the summary with copies of the sets. */
  public TemplateSummary {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(activeVersion, "activeVersion");
    Objects.requireNonNull(createdAt, "createdAt");
    Objects.requireNonNull(changedAt, "changedAt");
    channels = Set.copyOf(channels);
    includes = Set.copyOf(includes);
  }
}
