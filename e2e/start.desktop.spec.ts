import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { testSwitches } from '../scripts/electron.ts';
import { root } from '../scripts/process.ts';
import { expect, serverFlags, test } from './fixtures.ts';

test('a port that is taken is said in one sentence, and a second start for the same data folder leaves it to the first', async ({
  sluice,
  page,
  folder,
}) => {
  const { port } = new URL(sluice.url);
  const flags = [...serverFlags(join(folder, 'other')), '--port', port];
  const { code, stderr } = await runDesktop(flags);
  expect(stderr).toMatch(/^sluice: .*in use/m);
  expect(stderr).toContain(port);
  expect(code).toBe(1);

  const second = await runDesktop(serverFlags(folder));
  expect(second.stderr).toContain('already open');
  expect(second.code).toBe(0);
  expect(sluice.process.exitCode).toBeNull();
  await expect(page.getByTestId('connection')).toHaveAttribute('data-state', 'live');
});

test('a setting that is not accepted is said in one sentence', async ({ folder }) => {
  const { code, stderr } = await runDesktop([...serverFlags(folder), '--window', 'wide']);
  expect(stderr).toContain('sluice: --window "wide": allowed is a whole number from 1 to 64');
  expect(code).toBe(2);
});

async function runDesktop(
  flags: readonly string[],
): Promise<{ readonly code: number; readonly stderr: string }> {
  const executable = process.env['SLUICE_TEST_ELECTRON'] ?? '';
  const desktop = spawn(executable, [...testSwitches(), root, ...flags], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  desktop.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(desktop, 'close')) as [number];
  return { code, stderr };
}
