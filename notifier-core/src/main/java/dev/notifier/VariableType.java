package dev.notifier;

/** What the values of a template's variable are. */
public enum VariableType {
  /** Text; numbers and booleans will do. */
  TEXT,

  /** A number. */
  NUMBER,

  /** True or false. */
  BOOLEAN,

  /** A date, a time or both, from java.time, or as text in ISO 8601 form. */
  DATE,

  /** A list. */
  LIST,

  /** A map or a record. */
  MAP,

  /** Anything. */
  ANY
}
