package dev.notifier.store.jdbc;

import dev.notifier.DeliveryStatus;
import dev.notifier.MisfirePolicy;
import dev.notifier.OnAmbiguity;
import dev.notifier.Preference;
import dev.notifier.Priority;
import dev.notifier.Route;
import dev.notifier.ScheduleReport;
import dev.notifier.StoreException;
import dev.notifier.Suppression;

/**
 * The numbers that stand for constants in the database. They never change, whatever becomes of the
 * order of the enums; a new constant gets a new number.
 */
final class Codes {
  private Codes() {}

  static short of(Priority priority) {
    return switch (priority) {
      case CRITICAL -> 0;
      case HIGH -> 1;
      case NORMAL -> 2;
      case LOW -> 3;
    };
  }

  static Priority priority(int code) {
    return switch (code) {
      case 0 -> Priority.CRITICAL;
      case 1 -> Priority.HIGH;
      case 2 -> Priority.NORMAL;
      case 3 -> Priority.LOW;
      default -> throw unknown("priority", code);
    };
  }

  /** SENT and DELIVERED are named in the partial index of the history. */
  static short of(DeliveryStatus status) {
    return switch (status) {
      case SCHEDULED -> 0;
      case QUEUED -> 1;
      case SENDING -> 2;
      case SENT -> 3;
      case DELIVERED -> 4;
      case FAILED -> 5;
      case BOUNCED -> 6;
      case CANCELLED -> 7;
      case EXPIRED -> 8;
      case SUPPRESSED -> 9;
    };
  }

  static DeliveryStatus status(int code) {
    return switch (code) {
      case 0 -> DeliveryStatus.SCHEDULED;
      case 1 -> DeliveryStatus.QUEUED;
      case 2 -> DeliveryStatus.SENDING;
      case 3 -> DeliveryStatus.SENT;
      case 4 -> DeliveryStatus.DELIVERED;
      case 5 -> DeliveryStatus.FAILED;
      case 6 -> DeliveryStatus.BOUNCED;
      case 7 -> DeliveryStatus.CANCELLED;
      case 8 -> DeliveryStatus.EXPIRED;
      case 9 -> DeliveryStatus.SUPPRESSED;
      default -> throw unknown("delivery status", code);
    };
  }

  static int of(Route.FallbackOn trigger) {
    return switch (trigger) {
      case EXHAUSTION -> 0;
      case FIRST_FAILURE -> 1;
    };
  }

  static Route.FallbackOn fallbackOn(int code) {
    return switch (code) {
      case 0 -> Route.FallbackOn.EXHAUSTION;
      case 1 -> Route.FallbackOn.FIRST_FAILURE;
      default -> throw unknown("fallbackOn", code);
    };
  }

  static int of(OnAmbiguity choice) {
    return switch (choice) {
      case RETRY -> 0;
      case GIVE_UP -> 1;
    };
  }

  static OnAmbiguity onAmbiguity(int code) {
    return switch (code) {
      case 0 -> OnAmbiguity.RETRY;
      case 1 -> OnAmbiguity.GIVE_UP;
      default -> throw unknown("onAmbiguity", code);
    };
  }

  static short of(ScheduleReport.State state) {
    return switch (state) {
      case ACTIVE -> 0;
      case PAUSED -> 1;
      case ENDED -> 2;
    };
  }

  static ScheduleReport.State scheduleState(int code) {
    return switch (code) {
      case 0 -> ScheduleReport.State.ACTIVE;
      case 1 -> ScheduleReport.State.PAUSED;
      case 2 -> ScheduleReport.State.ENDED;
      default -> throw unknown("schedule state", code);
    };
  }

  static int of(MisfirePolicy.Kind kind) {
    return switch (kind) {
      case RUN_ONCE -> 0;
      case SKIP -> 1;
      case RUN_ALL -> 2;
    };
  }

  static MisfirePolicy.Kind misfirePolicy(int code) {
    return switch (code) {
      case 0 -> MisfirePolicy.Kind.RUN_ONCE;
      case 1 -> MisfirePolicy.Kind.SKIP;
      case 2 -> MisfirePolicy.Kind.RUN_ALL;
      default -> throw unknown("misfire policy", code);
    };
  }

  static short of(Suppression.Source source) {
    return switch (source) {
      case MANUAL -> 0;
      case IMPORT -> 1;
      case CHANNEL -> 2;
      case CALLBACK -> 3;
    };
  }

  static Suppression.Source source(int code) {
    return switch (code) {
      case 0 -> Suppression.Source.MANUAL;
      case 1 -> Suppression.Source.IMPORT;
      case 2 -> Suppression.Source.CHANNEL;
      case 3 -> Suppression.Source.CALLBACK;
      default -> throw unknown("source of a suppression", code);
    };
  }

  static short of(Preference.Choice choice) {
    return switch (choice) {
      case OPT_OUT -> 0;
      case OPT_IN -> 1;
    };
  }

  static Preference.Choice choice(int code) {
    return switch (code) {
      case 0 -> Preference.Choice.OPT_OUT;
      case 1 -> Preference.Choice.OPT_IN;
      default -> throw unknown("choice of a preference", code);
    };
  }

  static StoreException unknown(String what, int code) {
    return new StoreException(
        "the database holds the "
            + what
            + " "
            + code
            + ", which this version of notifier-store-jdbc does not know: a newer version wrote it;"
            + " upgrade this node",
        null);
  }
}
