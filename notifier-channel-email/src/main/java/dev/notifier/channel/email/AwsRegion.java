package dev.notifier.channel.email;

import java.util.regex.Pattern;

/** The names of Amazon's regions. */
final class AwsRegion {
  private static final Pattern REGION = Pattern.compile("[a-z]{2,4}(-[a-z]{2,20}){1,3}-[0-9]{1,2}");

  private AwsRegion() {}

  /**
   * Returns a region's name.
   *
   * @throws IllegalArgumentException if it cannot be one
   */
  static String checked(String region) {
    if (!REGION.matcher(region).matches()) {
      throw new IllegalArgumentException(
          "region must be a name like eu-west-1, but was " + HeaderText.quoted(region));
    }
    return region;
  }

  /** Returns the domain in which a region's hosts are. */
  static String domain(String region) {
    return region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  }
}
