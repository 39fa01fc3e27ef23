/**
 * What applications type: notifications, recipients, policies, and the notifier that delivers them.
 */
@NullMarked
package dev.notifier;

import org.jspecify.annotations.NullMarked;
