/** HTML in which whatever is put in is escaped, unless it is markup already; and what pages are made of. */

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

/** Rows of text under titles. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): Markup {
  const cells = (texts: readonly string[], name: 'th' | 'td') =>
    raw(texts.map((text) => `<${name}>${escaped(text)}</${name}>`).join(''));
  const lines = raw(rows.map((row) => `<tr>${cells(row, 'td').text}</tr>`).join('\n'));
  return render`<table><thead><tr>${cells(titles, 'th')}</tr></thead><tbody>${lines}</tbody></table>`;
}

/** `2026-01-31 14:02:11 UTC`: the reader may be anywhere. */
export function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
