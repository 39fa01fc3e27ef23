package dev.notifier.channel.email;

import java.util.Objects;
import java.util.Optional;

/**
 * What Amazon knows a caller by: a key of a user, or one of a role, which comes with a session
 * token and expires.
 *
 * @param accessKeyId the key's id, such as {@code AKIA…}
 * @param secretAccessKey the key itself
 * @param sessionToken what comes with a temporary key
 */
public record AwsCredentials(
    String accessKeyId, String secretAccessKey, Optional<String> sessionToken) {
  /**
   * Creates the credentials.
   *
   * @throws IllegalArgumentException if one of them is blank, or has white space or a control
   *     character in it
   */
  public AwsCredentials {
    Secrets.checkWord("accessKeyId", accessKeyId);
    Secrets.checkWord("secretAccessKey", secretAccessKey);
    Objects.requireNonNull(sessionToken, "sessionToken")
        .ifPresent(token -> Secrets.checkWord("sessionToken", token));
  }

  /**
   * Returns credentials that do not expire.
   *
   * @throws IllegalArgumentException as the constructor does
   */
  public static AwsCredentials of(String accessKeyId, String secretAccessKey) {
    return new AwsCredentials(accessKeyId, secretAccessKey, Optional.empty());
  }

  /** Returns nothing of them. */
  @Override
  public String toString() {
    return "AwsCredentials[***]";
  }
}
