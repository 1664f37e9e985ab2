import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const source = new URL('../../', import.meta.url).pathname;

/** Who may turn numbers into text: the formatter, and what writes lengths for style sheets. */
const formatters = new Set(['shared/units.ts', 'renderer/ui/css-share.ts']);

it('numbers, bytes and times of the console are written by one module', () => {
  const files = readdirSync(join(source, 'renderer'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\./.test(file))
    .map((file) => `renderer/${file}`);
  expect(files.length).toBeGreaterThan(100);
  const offenders = files.filter(
    (file) =>
      !formatters.has(file) &&
      /\.toFixed\(|\.toLocale\w*String\(|\bIntl\./.test(readFileSync(join(source, file), 'utf8')),
  );
  expect(offenders).toEqual([]);
});
