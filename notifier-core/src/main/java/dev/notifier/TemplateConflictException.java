package dev.notifier;

/** A template was changed by somebody else since it was read; nothing was changed now. */
public final class TemplateConflictException extends NotifierException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception that names the template and the revision that is outdated. */
  public TemplateConflictException(String name, long revision) {
    super(
        "template "
            + name
            + (revision == 0 ? " is there already" : " is no longer at revision " + revision)
            + ": read it again, and repeat the change if it still makes sense");
  }
}
