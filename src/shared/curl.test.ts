import { expect, it } from 'vitest';
import { curlLine, shellWord } from './curl.ts';

it.each([
  ['plain-1.2/x:y', 'plain-1.2/x:y'],
  ['two words', "'two words'"],
  ['$HOME `id` "q"', '\'$HOME `id` "q"\''],
  ["it's", String.raw`'it'\''s'`],
  ['', "''"],
])('%s is the word %s', (text, word) => {
  expect(shellWord(text)).toBe(word);
});

it.each([
  [
    { url: 'http://127.0.0.1/a?b&c', method: 'GET', fields: [['Range', 'bytes=0-9']] },
    "curl -sS -D - -o /dev/null -H 'Range: bytes=0-9' 'http://127.0.0.1/a?b&c'",
  ],
  [
    { url: 'http://[::1]/a', method: 'HEAD', fields: [['If-Match', '']] },
    "curl -sS -g -I -H 'If-Match;' 'http://[::1]/a'",
  ],
  [
    { url: 'http://host/a', method: 'OPTIONS', fields: [] },
    'curl -sS -X OPTIONS -D - -o /dev/null http://host/a',
  ],
] as const)('%j', (request, line) => {
  expect(curlLine(request)).toBe(line);
});
