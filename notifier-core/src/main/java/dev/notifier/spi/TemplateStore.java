package dev.notifier.spi;

import dev.notifier.TemplateQuery;
import dev.notifier.TemplateSummary;
import dev.notifier.TemplateVersion;
import java.util.List;
import java.util.Optional;

/**
 * Keeps templates and their versions. What the changes mean is decided by the core; the store
 * compares, writes and looks up.
 *
 * <p>Thread-safe, and safe against other processes on the same storage. Every method throws {@link
 * dev.notifier.StoreException} if the store cannot answer within a bounded time; then nothing was
 * changed. A template's text form is {@link dev.notifier.Template#toText}, and {@link
 * dev.notifier.Template#parse} reads it.
 */
public interface TemplateStore {
  /** Returns where a template stands. */
  Optional<TemplateSummary> find(String name);

  /** Returns one version of a template. */
  Optional<TemplateVersion> version(String name, int version);

  /** Returns the versions of a template whose number is below this one, newest first. */
  List<TemplateVersion> versions(String name, int before, int limit);

  /**
   * Returns the templates that {@link TemplateQuery#matches match}, in the order of {@link
   * String#compareTo} of their names, as many as the query's limit allows.
   */
  List<TemplateSummary> list(TemplateQuery query);

  /**
   * Replaces the summary of a template whose revision is one less than the new summary's, and adds
   * a version, in one atomic step. A summary of revision 1 is for a template that is not there yet.
   *
   * @param added the new version; empty if none is added
   * @return false if the revision is another one, or the template of revision 1 is there already;
   *     then nothing was changed
   */
  boolean replace(TemplateSummary next, Optional<TemplateVersion> added);

  /**
   * Removes a template with all its versions, if it has this revision.
   *
   * @return false if it has not, or there is none; then nothing was changed
   */
  boolean delete(String name, long revision);
}
