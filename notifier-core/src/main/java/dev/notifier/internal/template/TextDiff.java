package dev.notifier.internal.template;

import java.util.ArrayList;
import java.util.List;

/** What differs between two texts, line by line. */
final class TextDiff {
  private static final long MAX_CELLS = 4_000_000;
  private static final int CONTEXT = 3;

  private TextDiff() {}

  /** Returns the lines that differ, with three around them; empty if none do. */
  static String of(String first, String second) {
    if (first.equals(second)) {
      return "";
    }
    return shortened(lines(first.split("\n", -1), second.split("\n", -1)));
  }

  private static List<String> lines(String[] first, String[] second) {
    int start = 0;
    while (start < Math.min(first.length, second.length) && first[start].equals(second[start])) {
      start++;
    }
    int end = 0;
    while (end < Math.min(first.length, second.length) - start
        && first[first.length - 1 - end].equals(second[second.length - 1 - end])) {
      end++;
    }
    List<String> lines = new ArrayList<>();
    add(" ", first, 0, start, lines);
    addChanges(first, second, start, end, lines);
    add(" ", first, first.length - end, first.length, lines);
    return lines;
  }

  private static void add(String mark, String[] from, int start, int end, List<String> lines) {
    for (int i = start; i < end; i++) {
      lines.add(mark + from[i]);
    }
  }

  private static void addChanges(
      String[] first, String[] second, int start, int end, List<String> lines) {
    int height = first.length - end - start;
    int width = second.length - end - start;
    if ((long) height * width > MAX_CELLS) { // more would take too much memory
      add("-", first, start, start + height, lines);
      add("+", second, start, start + width, lines);
      return;
    }
    int[][] common = common(first, second, start, height, width);
    int i = 0;
    int j = 0;
    while (i < height || j < width) {
      if (i < height && j < width && first[start + i].equals(second[start + j])) {
        lines.add(" " + first[start + i]);
        i++;
        j++;
      } else if (j == width || (i < height && common[i + 1][j] >= common[i][j + 1])) {
        lines.add("-" + first[start + i++]);
      } else {
        lines.add("+" + second[start + j++]);
      }
    }
  }

  /** The length of the longest common subsequence of what remains from each pair of lines. */
  private static int[][] common(String[] first, String[] second, int start, int height, int width) {
    int[][] common = new int[height + 1][width + 1];
    for (int i = height - 1; i >= 0; i--) {
      for (int j = width - 1; j >= 0; j--) {
        common[i][j] =
            first[start + i].equals(second[start + j])
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    return common;
  }

  /** Leaves out what is far from any change, but for the headings of parts. */
  private static String shortened(List<String> lines) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith(" ===") || isNearChange(lines, i)) {
        text.append(lines.get(i)).append('\n');
      }
    }
    return text.toString();
  }

  private static boolean isNearChange(List<String> lines, int index) {
    for (int i = Math.max(0, index - CONTEXT);
        i <= Math.min(lines.size() - 1, index + CONTEXT);
        i++) {
      if (lines.get(i).charAt(0) != ' ') {
        return true;
      }
    }
    return false;
  }
}
