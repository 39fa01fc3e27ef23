package dev.notifier.channel.telegram.internal.markup;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Cuts a list of tokens into parts, each of which is whole in itself. Used once. */
final class Splitter {
  /** An empty bold text, which keeps {@code _} and {@code __} of MarkdownV2 apart. */
  private static final Token SEPARATOR = Token.close("**");

  private final Cuts cuts;
  private final List<Markup> parts = new ArrayList<>();
  private final List<Token> part = new ArrayList<>();
  private final Deque<Token> open = new ArrayDeque<>();
  private boolean lastWasAdded;
  private int position;
  private int nextCut;

  Splitter(String visible, int limit) {
    this.cuts = new Cuts(visible, limit);
    this.nextCut = cuts.after(0);
  }

  List<Markup> split(List<Token> tokens) {
    tokens.forEach(this::place);
    finishPart();
    return List.copyOf(parts);
  }

  private void place(Token token) {
    switch (token.kind()) {
      case TEXT -> placeText(token.source());
      case ATOM -> {
        cutIfDue();
        append(token, false);
        position += token.length();
      }
      case OPEN -> {
        cutIfDue(); // or else it would open at the end of one part, only to be closed there
        append(token, false);
        open.push(token);
      }
      case CLOSE -> {
        append(token, false);
        open.pop();
      }
    }
  }

  private void placeText(String text) {
    int from = 0;
    while (from < text.length()) {
      cutIfDue();
      int left = text.codePointCount(from, text.length());
      int taken = Math.min(left, nextCut - position);
      int to = text.offsetByCodePoints(from, taken);
      append(Token.text(text.substring(from, to)), false);
      position += taken;
      from = to;
    }
  }

  private void cutIfDue() {
    if (position < nextCut) {
      return;
    }
    open.forEach(token -> append(Token.close(token.closing()), true));
    finishPart();
    nextCut = cuts.after(position);
    open.descendingIterator().forEachRemaining(token -> append(token, true));
  }

  private void finishPart() {
    Markup finished = new Markup(part);
    if (!finished.isBlank()) {
      parts.add(finished);
    }
    part.clear();
  }

  private void append(Token token, boolean added) {
    if ((added || lastWasAdded) && !part.isEmpty() && meet(part.get(part.size() - 1), token)) {
      part.add(SEPARATOR);
    }
    part.add(token);
    lastWasAdded = added;
  }

  /** MarkdownV2 takes the first two of three underscores together, whoever wrote them. */
  private static boolean meet(Token first, Token second) {
    return first.isMark()
        && second.isMark()
        && first.source().endsWith("_")
        && second.source().startsWith("_");
  }
}
