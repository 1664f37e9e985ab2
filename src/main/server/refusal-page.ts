/** A refusal for somebody who opened the console in a browser: the sentence, on a page instead of as JSON. */
import { STATUS_CODES } from 'node:http';

/** Nothing in it runs or is loaded: no policy of ours is in its way. */
export function refusalPage(status: number, sentence: string): string {
  const title = `Sluice: ${STATUS_CODES[status] ?? status}`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<h1>${escaped(title)}</h1>
<p>${escaped(sentence)}</p>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
