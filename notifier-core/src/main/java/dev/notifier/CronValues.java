package dev.notifier;

import com.cronutils.model.field.expression.Always;
import com.cronutils.model.field.expression.And;
import com.cronutils.model.field.expression.Between;
import com.cronutils.model.field.expression.Every;
import com.cronutils.model.field.expression.FieldExpression;
import com.cronutils.model.field.expression.On;
import com.cronutils.model.field.expression.QuestionMark;
import com.cronutils.model.field.value.FieldValue;
import com.cronutils.model.field.value.SpecialChar;
import java.util.BitSet;

/**
 * Collects the numbers that a field of a cron expression names. A range whose end lies before its
 * start goes round: {@code FRI-MON}, {@code 22-2}.
 */
final class CronValues {
  private final BitSet bits = new BitSet();
  private final int least;
  private final int most;

  CronValues(int least, int most) {
    this.least = least;
    this.most = most;
  }

  BitSet bits() {
    return bits;
  }

  void add(int value) {
    bits.set(value);
  }

  void add(FieldExpression expression) {
    if (expression instanceof Always || expression instanceof QuestionMark) {
      bits.set(least, most + 1);
    } else if (expression instanceof And list) {
      list.getExpressions().forEach(this::add);
    } else if (expression instanceof Between range) {
      addRange(range, 1);
    } else if (expression instanceof Every every) {
      addEvery(every.getExpression(), every.getPeriod().getValue());
    } else if (expression instanceof On on && on.getSpecialChar().getValue() == SpecialChar.NONE) {
      add(on.getTime().getValue());
    } else {
      throw new IllegalArgumentException(expression.asString() + " has no meaning here");
    }
  }

  private void addEvery(FieldExpression of, int step) {
    if (step < 1) {
      throw new IllegalArgumentException("a step must be 1 or more, but was " + step);
    }
    if (of instanceof Always) {
      addRange(least, most, step);
    } else if (of instanceof Between range) {
      addRange(range, step);
    } else if (of instanceof On on && on.getSpecialChar().getValue() == SpecialChar.NONE) {
      addRange(on.getTime().getValue(), most, step);
    } else {
      throw new IllegalArgumentException(of.asString() + " cannot have a step");
    }
  }

  private void addRange(Between range, int step) {
    int from = number(range.getFrom());
    int to = number(range.getTo());
    addRange(from, to < from ? to + size() : to, step);
  }

  private void addRange(int from, int to, int step) {
    for (int value = from; value <= to; value += step) {
      bits.set(least + (value - least) % size());
    }
  }

  private int size() {
    return most - least + 1;
  }

  private static int number(FieldValue<?> value) {
    if (value.getValue() instanceof Integer number) {
      return number;
    }
    throw new IllegalArgumentException(value + " cannot be the end of a range");
  }
}
