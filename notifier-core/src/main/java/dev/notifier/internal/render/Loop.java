package dev.notifier.internal.render;

/** How far a section has come with its list; lies among the scopes, below the element. */
final class Loop {
  private final int size;
  private int index;

  Loop(int size) {
    this.size = size;
  }

  void next() {
    index++;
  }

  /** Returns the value of {@code -first}, {@code -last} or {@code -index}. */
  Object value(String name) {
    return switch (name) {
      case "-first" -> index == 1;
      case "-last" -> index == size;
      default -> index;
    };
  }
}
