package dev.notifier.architecture.breach;

import java.util.logging.Logger;

/** Breaks "nobody uses java util logging". */
final class JulUser {
  static final Logger log = Logger.getLogger("jul");
}
