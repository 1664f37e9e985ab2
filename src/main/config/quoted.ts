/** Things from outside, made fit for one line of an error message. */

/** A value as one short line of printable text, without the user and password of a URL. */
export function quoted(value: unknown): string {
  const text = (JSON.stringify(value) ?? String(value)).replace(/:\/\/[^/?#@]*@/g, '://…@');
  // JSON leaves DEL, C1 controls, line separators and text-direction marks as they are.
  const visible = text.replace(/[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '\u{fffd}');
  return visible.length <= 120 ? visible : `${visible.slice(0, 116)}…${visible.at(-1)}`;
}

/** Why the system refused: `no such file or directory` of `ENOENT: no such file or directory, open '…'`. */
export function systemReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^E[A-Z0-9]+: ([^,]+)/.exec(message)?.[1] ?? quoted(message).slice(1, -1);
}
