import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The bullets of docs/semantics.md, each on one line. */
const promises = readFileSync(`${root}docs/semantics.md`, 'utf8')
  .split('\n- ')
  .slice(1)
  .map((bullet) => (bullet.split('\n\n')[0] ?? '').replaceAll(/\s+/g, ' ').trim());

const tests = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.test\.tsx?$/.test(path))
  .map((path) => readFileSync(`${root}src/${path}`, 'utf8'));

describe('docs/semantics.md', () => {
  it('promises something', () => {
    expect(promises.length).toBeGreaterThan(50);
  });

  it.each(promises)('has a test named: %s', (promise) => {
    const named = tests.some((source) => source.includes(`'${promise}'`) || source.includes(`"${promise}"`));
    expect(named).toBe(true);
  });
});
