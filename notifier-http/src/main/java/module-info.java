/** What the channels that speak HTTP share: one client with safe defaults, over OkHttp. */
module dev.notifier.http {
  requires transitive dev.notifier.core;
  requires transitive okhttp3;
  requires okio;
  requires static org.jspecify;

  exports dev.notifier.http;
}
