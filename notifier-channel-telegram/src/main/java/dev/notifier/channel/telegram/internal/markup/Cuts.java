package dev.notifier.channel.telegram.internal.markup;

import java.util.function.IntPredicate;

/** Finds where to cut a text: at the best place in the second half of what still fits. */
final class Cuts {
  /** There is no further cut. */
  static final int NONE = Integer.MAX_VALUE;

  private static final int ZERO_WIDTH_JOINER = 0x200D;
  private static final int LIGHTEST_SKIN = 0x1F3FB;
  private static final int DARKEST_SKIN = 0x1F3FF;

  private final int[] text;
  private final int limit;

  Cuts(String text, int limit) {
    this.text = text.codePoints().toArray();
    this.limit = limit;
  }

  /** Returns where the part that starts at {@code from} should end, in code points. */
  int after(int from) {
    if (text.length - from <= limit) {
      return NONE;
    }
    int cut = last(from, this::endsParagraph);
    cut = cut != NONE ? cut : last(from, this::endsLine);
    cut = cut != NONE ? cut : last(from, at -> Character.isWhitespace(text[at - 1]));
    cut = cut != NONE ? cut : last(from, at -> !continuesCharacter(at));
    return cut != NONE ? cut : from + limit;
  }

  private int last(int from, IntPredicate good) {
    for (int at = from + limit; at > from + limit / 2; at--) {
      if (good.test(at)) {
        return at;
      }
    }
    return NONE;
  }

  private boolean endsParagraph(int at) {
    return endsLine(at) && at >= 2 && text[at - 2] == '\n';
  }

  private boolean endsLine(int at) {
    return text[at - 1] == '\n';
  }

  /** Accents and joined emoji are several code points that a reader takes for one character. */
  private boolean continuesCharacter(int at) {
    if (text[at] == ZERO_WIDTH_JOINER || text[at - 1] == ZERO_WIDTH_JOINER) {
      return true;
    }
    if (text[at] >= LIGHTEST_SKIN && text[at] <= DARKEST_SKIN) {
      return true;
    }
    return switch (Character.getType(text[at])) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK ->
          true;
      default -> false;
    };
  }
}
