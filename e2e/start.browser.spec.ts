import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../scripts/process.ts';
import { curl } from './clients.ts';
import { expect, test } from './fixtures.ts';

test('npm start serves headless, says so, and has a demo snapshot to fetch', async ({ folder }) => {
  // It may have to build first.
  test.setTimeout(240_000);
  const flags = ['--headless', '--json', '--port', '0', '--data-dir', join(folder, 'data')];
  const start = spawn('npm', ['start', '--silent', '--', ...flags], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaints = '';
  start.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const events: { readonly event: string; readonly url: string; readonly curl?: string }[] = [];
  for await (const line of createInterface(start.stdout)) {
    events.push(JSON.parse(line));
    if (events.length === 2) break;
  }
  // It comes through another pipe.
  await expect.poll(() => complaints).toContain('Serving headless: --headless.');
  expect(events.map(({ event }) => event)).toEqual(['listening', 'demo']);

  const demo = events[1];
  expect(demo?.curl).toContain('curl -r 0-1023');
  const answer = await curl(folder, demo?.url ?? '', '-r', '0-1023');
  expect(answer.status).toBe(206);
  expect(answer.headers.get('x-cachew-snapshot-commit')).toMatch(/^[0-9a-f]{40}$/);

  const exited = once(start, 'exit');
  start.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});
