/** HTML in which whatever is put in is escaped, unless it is markup already. */

export interface Markup {
  readonly text: string;
}

/** Markup from our own text. */
export function raw(text: string): Markup {
  return { text };
}

export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A template whose values are escaped. */
export function render(
  pieces: TemplateStringsArray,
  ...values: readonly (Markup | string | number)[]
): Markup {
  const parts = pieces.map((piece, at) => {
    const value = values[at] ?? '';
    return piece + (typeof value === 'object' ? value.text : escaped(String(value)));
  });
  return raw(parts.join(''));
}
