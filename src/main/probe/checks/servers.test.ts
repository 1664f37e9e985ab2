/** The checks against real servers: Sluice's own, and nginx, whose ways are known. */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startTestServer } from '#main/app.fixture.ts';
import { startNginx } from '#main/testing/nginx.ts';
import type { CheckResult } from '#shared/lab-model.ts';
import { allChecks, checkServer } from './suite.ts';

async function check(url: string): Promise<readonly CheckResult[]> {
  const found: CheckResult[] = [];
  const watch = { onObject: () => undefined, onResult: (result: CheckResult) => found.push(result) };
  await checkServer({ url, reach: { kind: 'everywhere' }, ...watch }, new AbortController().signal);
  expect(found).toHaveLength(allChecks.length);
  return found;
}

const named = (found: readonly CheckResult[], verdict: CheckResult['verdict']) =>
  found.filter((each) => each.verdict === verdict).map(({ id }) => id);

describe('sluice check', () => {
  it('Every check of ranges and preconditions passes on the server itself.', async () => {
    await using server = await startTestServer();
    const path = await server.put('checked', randomBytes(700_000));
    const found = await check(server.url + path);
    expect(found.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  });

  it('finds what nginx does otherwise', async () => {
    await using nginx = await startNginx();
    await writeFile(join(nginx.folder, 'file'), randomBytes(100_000));
    const found = await check(`${nginx.url}/file`);
    expect({
      fail: named(found, 'fail'),
      warn: named(found, 'warn'),
      none: named(found, 'not applicable'),
    }).toEqual({
      fail: [
        'head-range',
        'method-allow',
        'range-huge',
        'range-empty-members',
        'multi-blanks',
        'order-match-date',
      ],
      warn: [],
      none: [],
    });
  });
});
