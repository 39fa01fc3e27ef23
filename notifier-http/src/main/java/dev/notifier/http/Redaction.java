package dev.notifier.http;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import okhttp3.HttpUrl;

/**
 * Hides what must appear in no log, exception or reason: the path and query of a URL, which often
 * hold a token, and secrets. Immutable.
 */
public final class Redaction {
  private static final String HIDDEN = "…";

  /** A shorter secret would be found in innocent words. */
  private static final int SHORTEST_SECRET = 4;

  /**
   * A path segment or query value of this length may be a token; a shorter one is likely a word.
   */
  private static final int SHORTEST_TOKEN = 12;

  private final String url;
  private final String shownUrl;
  private final List<String> hidden;

  private Redaction(HttpUrl url, List<String> hidden) {
    this.url = url.toString();
    this.shownUrl = url(url);
    this.hidden = hidden;
  }

  /** Returns the redaction that hides the path and query of this URL. */
  public static Redaction of(HttpUrl url) {
    return of(url, List.of());
  }

  /** Returns the redaction that hides the path and query of this URL, and these secrets. */
  public static Redaction of(HttpUrl url, Collection<String> secrets) {
    List<String> hidden = new ArrayList<>();
    secrets.stream().filter(secret -> secret.length() >= SHORTEST_SECRET).forEach(hidden::add);
    addPath(url, hidden);
    addQuery(url, hidden);
    hidden.sort(
        Comparator.comparingInt(String::length).reversed()); // a part must not spoil a whole
    return new Redaction(url, List.copyOf(hidden));
  }

  private static void addPath(HttpUrl url, List<String> hidden) {
    if (url.encodedPath().length() > 1) {
      hidden.add(url.encodedPath());
    }
    url.pathSegments().forEach(segment -> addToken(segment, hidden));
    url.encodedPathSegments().forEach(segment -> addToken(segment, hidden));
  }

  private static void addQuery(HttpUrl url, List<String> hidden) {
    String query = url.encodedQuery();
    if (query != null && !query.isEmpty()) {
      hidden.add("?" + query);
      addToken(query, hidden);
    }
    for (int i = 0; i < url.querySize(); i++) {
      String value = url.queryParameterValue(i);
      addToken(value == null ? "" : value, hidden);
    }
  }

  private static void addToken(String part, List<String> hidden) {
    if (part.length() >= SHORTEST_TOKEN) {
      hidden.add(part);
    }
  }

  /** Returns the text without what is to be hidden. */
  public String apply(String text) {
    String redacted = text.replace(url, shownUrl);
    for (String secret : hidden) {
      redacted = redacted.replace(secret, HIDDEN);
    }
    return redacted;
  }

  /** Returns what may be shown of a URL: {@code https://host/…}, with the port if it is unusual. */
  public static String url(HttpUrl url) {
    boolean usualPort = url.port() == HttpUrl.defaultPort(url.scheme());
    return url.scheme() + "://" + host(url) + (usualPort ? "" : ":" + url.port()) + "/" + HIDDEN;
  }

  private static String host(HttpUrl url) {
    return url.host().contains(":") ? "[" + url.host() + "]" : url.host();
  }

  /** Returns nothing of what it hides. */
  @Override
  public String toString() {
    return "Redaction[" + shownUrl + "]";
  }
}
