package dev.notifier;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The stored templates, and previews of any template.
 *
 * <p>Changes take a revision, the one in the {@link TemplateSummary} that the caller has seen, and
 * fail with a {@link TemplateConflictException} if somebody else was faster. A notification is
 * rendered when it is accepted, so that no change touches one that was accepted before. Another
 * node on the same store sees a change within 5 seconds.
 *
 * <p>Thread-safe. Every method throws {@link StoreException} if the store cannot answer.
 */
public interface Templates {
  /**
   * Saves a template as a new version and makes that the active one; the last caller wins. Does
   * nothing if the active version says the same already, so that an application may save its
   * templates whenever it starts.
   *
   * @return the version that is active now
   * @throws TemplateException with every problem that {@link #validate} finds
   */
  TemplateVersion save(Template template);

  /**
   * Saves a template as a new version and makes that the active one.
   *
   * @param revision what the caller has seen; 0 if it must not be there yet
   * @throws TemplateException with every problem that {@link #validate} finds
   */
  TemplateVersion save(Template template, long revision);

  /**
   * Saves a template as a new version that nobody uses until it is activated.
   *
   * @param revision what the caller has seen; 0 if it must not be there yet
   * @throws TemplateException with every problem that {@link #validate} finds
   */
  TemplateVersion draft(Template template, long revision);

  /**
   * Makes a version the active one: an older one to go back, or a draft.
   *
   * @throws TemplateException if there is no such version, or what it includes is not there
   */
  TemplateSummary activate(String name, int version, long revision);

  /**
   * Takes a template out of use: from now on, notifications that name it are refused.
   *
   * @throws TemplateException if there is no such template
   */
  TemplateSummary deactivate(String name, long revision);

  /**
   * Deletes a template with all its versions.
   *
   * @throws TemplateException if there is no such template, it is active, or another template
   *     includes it
   */
  void delete(String name, long revision);

  /** Returns where a stored template stands. */
  Optional<TemplateSummary> find(String name);

  /** Returns one version of a stored template. */
  Optional<TemplateVersion> version(String name, int version);

  /** Returns what a notification that names this template gets: from any source. */
  Optional<TemplateVersion> active(String name);

  /**
   * Returns the versions of a stored template that are older than this one, newest first.
   *
   * @param limit how many at most, from 1 to 1,000
   */
  List<TemplateVersion> versions(String name, int before, int limit);

  /** Returns a page of stored templates, by name. */
  List<TemplateSummary> list(TemplateQuery query);

  /**
   * Returns what differs between two versions, line by line: {@code -} before what is only in the
   * first, {@code +} before what is only in the second. Empty if they say the same.
   *
   * @throws TemplateException if one of them is not there
   */
  String diff(String name, int first, int second);

  /**
   * Finds what is wrong with a template: syntax, unknown filters, undeclared variables, missing
   * partials. Saves nothing.
   */
  List<TemplateProblem> validate(Template template);

  /**
   * Returns every part as it would be sent now, with what the channels and common sense have to say
   * about it. Sends nothing.
   *
   * @throws TemplateException if it cannot be rendered
   */
  List<ChannelPreview> preview(String name, Locale locale, Map<String, ?> data);

  /**
   * Returns every part of one version as it would be sent, as {@link #preview(String, Locale, Map)}
   * does.
   *
   * @throws TemplateException if it cannot be rendered
   */
  List<ChannelPreview> preview(String name, int version, Locale locale, Map<String, ?> data);
}
