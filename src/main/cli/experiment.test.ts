import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { experimentSchema, keptItsPromise } from '#shared/experiment/outcome.ts';
import { quickPlan } from '#shared/experiment/plan.ts';
import { experimentTable, progressLine, showExperiment } from './experiment-table.ts';
import { sluice, startSluiceCommand } from './testing.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-experiment-command-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const small = ['--quick', '--size', '8MiB', '--readers', '3', '--speed', '4MiB,8MiB'];

describe('sluice experiment', () => {
  it('runs all three, gives JSON and a picture, and draws it again from the JSON', async () => {
    const path = join(folder, 'run.svg');
    const { code, stdout, stderr } = await sluice(['experiment', ...small, '--json', '--svg', path]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: `wrote ${path}\n` });
    const result = experimentSchema.parse(JSON.parse(stdout.toString()));
    expect(result.runs.map(({ variant, ending }) => [variant, ending])).toEqual([
      ['unbounded', 'finished'],
      ['windowed', 'finished'],
      ['sluice', 'finished'],
    ]);
    expect(keptItsPromise(result)).toBe(true);
    const svg = readFileSync(path, 'utf8');
    expect(svg).toContain('3 readers at 4 MiB/s to 8 MiB/s of one object of 8 MiB');

    const from = join(folder, 'run.json');
    writeFileSync(from, stdout);
    const again = join(folder, 'again.svg');
    const drawn = await sluice(['experiment', '--from', from, '--svg', again]);
    expect(drawn.code).toBe(0);
    expect(drawn.stdout.toString()).toBe(experimentTable(result));
    expect(readFileSync(again, 'utf8')).toBe(svg);
  }, 120_000);

  it('says that a picture cannot be written before anything runs', async () => {
    const path = join(folder, 'missing', 'run.svg');
    const refused = await sluice(['experiment', ...small, '--svg', path]);
    expect({ ...refused, stdout: refused.stdout.toString() }).toEqual({
      code: 2,
      stdout: '',
      stderr: `sluice: --svg ${path}: no such file or directory\n`,
    });
    const directory = await sluice(['experiment', ...small, '--svg', folder]);
    expect(directory).toMatchObject({ code: 2, stderr: `sluice: --svg ${folder}: it is a directory\n` });
  }, 120_000);

  it('ends everything on Ctrl-C, shows what there is, and says so', async () => {
    const child = startSluiceCommand(['experiment', '--quick', '--size', '512MiB', '--json']);
    let stdout = '';
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
    await expect.poll(() => processesBelow(child.pid ?? 0).length, { timeout: 60_000 }).toBe(3);
    const children = processesBelow(child.pid ?? 0);
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(JSON.parse(stdout)).toMatchObject({ state: 'stopped' });
    // The system may take a moment to end them.
    await expect.poll(() => children.filter(isThere)).toEqual([]);
  }, 120_000);
});

describe('the progress of an experiment', () => {
  it('is one line within the width of a terminal, and nothing elsewhere', () => {
    const writes: string[] = [];
    const run = {
      variant: 'windowed',
      elapsedMs: 2000,
      idleBytes: 1,
      peakRssBytes: 2 ** 20,
      peakBodyBytes: 1,
      cpuMs: 1,
      samples: [[0, 2 ** 20, 1] as const],
      readers: [{ bytesPerSecond: 1, bytes: quickPlan.objectBytes, state: 'done' }],
    } as const;
    const machine = { processor: 'x', cores: 1, memoryBytes: 1, platform: 'linux', node: '24' };
    const now = { plan: quickPlan, startedAt: 0, machine, state: 'running', runs: [run] } as const;
    {
      using shown = showExperiment({ isTTY: true, columns: 30, write: (text) => writes.push(text) });
      shown.update(now);
      shown.update(now);
    }
    expect(writes).toEqual(['\r\u001B[K1 of 3  A window per reader  ', '\r\u001B[K']);
    using hidden = showExperiment({ isTTY: false, write: (text) => writes.push(text) });
    hidden.update(now);
    expect(writes).toHaveLength(2);
    expect(progressLine(run, 2, quickPlan)).toBe(
      '2 of 3  A window per reader  1 MiB resident  1 of 1 readers done  12 %  2.0 s',
    );
  });
});

function processesBelow(pid: number): readonly number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  return lines.flatMap((line) => {
    const [child = 0, parent] = line.trim().split(/\s+/).map(Number);
    return parent === pid ? [child] : [];
  });
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
