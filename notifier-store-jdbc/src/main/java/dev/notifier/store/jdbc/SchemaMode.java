package dev.notifier.store.jdbc;

/** What the store does about its tables when it starts. */
enum SchemaMode {
  /** Installs what is pending. The default. */
  MIGRATE,
  /** Refuses to start if they are not those that it needs. */
  VALIDATE,
  /** Takes them as they are. */
  NONE
}
