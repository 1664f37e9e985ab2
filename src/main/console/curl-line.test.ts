import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { curlLine, shellWord } from '#shared/curl.ts';

/** The words that a real shell makes of a line's arguments, a zero byte behind each. */
function wordsOf(line: string): readonly string[] {
  const script = `curl() { for word in "$@"; do printf '%s\\0' "$word"; done; }\n${line}`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

it('a curl line of the console is, to a real shell, the words that it is made of', () => {
  const url = 'http://[::1]:7420/a b?x=$(id)&y=`id`';
  const fields = [['If-Range', '"it\'s"; touch /tmp/planted']] as const;
  const words = wordsOf(curlLine({ url, method: 'GET', fields }));
  expect(words).toContain(url);
  expect(words).toContain('If-Range: "it\'s"; touch /tmp/planted');
});

it('no text at all does anything in a real shell but stand there', () => {
  const any = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
  const evil = fc.constantFrom("'; id; '", '$(id)', '`id`', '\\', '"', '!!', '\n', "''", '*', '~', '#');
  fc.assert(
    fc.property(fc.array(fc.oneof(any, evil), { maxLength: 8 }), (words) => {
      expect(wordsOf(['curl', ...words.map(shellWord)].join(' '))).toEqual(words);
    }),
    { numRuns: 50 },
  );
});
