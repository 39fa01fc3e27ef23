package dev.notifier.internal.schedule;

import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.spi.Submission;
import java.util.function.Predicate;

/** Takes the notifications that schedules send. */
public interface RunIntake {
  /**
   * Checks a notification as if it were sent; takes nothing.
   *
   * @throws dev.notifier.NotifierException as {@link dev.notifier.Notifier#send} does
   */
  void check(Notification notification);

  /**
   * Takes the notification of a run, unless {@code insert} says no. A full lane is not waited for.
   *
   * @param insert puts it into the store, if this notifier is to make the run
   * @return what {@code insert} said
   * @throws dev.notifier.NotifierException as {@link dev.notifier.Notifier#send} does
   */
  boolean accept(NotificationId id, Notification notification, Predicate<Submission> insert);
}
