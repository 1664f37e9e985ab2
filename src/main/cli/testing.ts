/** Runs the command line as its users do: in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Finished {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface SluiceOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
}

const entry = fileURLToPath(new URL('../cli.ts', import.meta.url));

/** Starts `sluice` with these arguments; nothing of SLUICE_… is inherited. */
export function startSluiceCommand(args: readonly string[], { env = {}, cwd }: SluiceOptions = {}) {
  // The cache of what Node has compiled: without it most of a short command's time is compiling its sources.
  const { PATH = '', HOME = '', NODE_COMPILE_CACHE = '' } = process.env;
  return spawn(process.execPath, [entry, ...args], {
    env: { PATH, HOME, NODE_COMPILE_CACHE, ...env },
    ...(cwd && { cwd }),
  });
}

/** Runs `sluice` to its end. */
export async function sluice(args: readonly string[], options: SluiceOptions = {}): Promise<Finished> {
  const child = startSluiceCommand(args, options);
  const stdout: Buffer[] = [];
  let stderr = '';
  child.stdout.on('data', (piece: Buffer) => stdout.push(piece));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined).end(options.input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout: Buffer.concat(stdout), stderr };
}
