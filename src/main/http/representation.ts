/** A field's values, as node takes them: one line, or one line for each. */
export type FieldValue = string | readonly string[];

/** What a URL selects at present (RFC 9110, section 3.2). */
export interface Representation {
  /** Bytes. */
  readonly length: number;
  /** The strong validator, raw: no quotes. */
  readonly etag: string;
  /** Compared and sent in whole seconds; a fraction is cut off. */
  readonly lastModified: Date;
  readonly mediaType: string;
  /**
   * Further fields that describe it: those stored with an object, the freshen metadata of a snapshot. Names in
   * lower case. Sent with 200 and 206; fields that Sluice sets itself win.
   */
  readonly fields?: Readonly<Record<string, FieldValue>>;
}
