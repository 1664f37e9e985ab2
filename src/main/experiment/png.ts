/**
 * A picture as PNG. Letters have to be drawn for that, so a program that can is used: one that is made for SVG, or a
 * browser without its window. Sluice has none of its own on the command line.
 */
import { access, constants, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runProgram } from '#main/git/process.ts';
import { SluiceError } from '#shared/errors.ts';

interface Drawing {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

const ratio = 2;
const drawMs = 60_000;
const browsers = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'msedge',
];
const converters = ['rsvg-convert'];

/** A program on this machine that can draw, by its path. */
export interface Renderer {
  readonly path: string;
  readonly kind: 'converter' | 'browser';
}

/** Looks before anything has taken any time. @throws SluiceError PROCESS_FAILED that says what was looked for */
export async function findRenderer(path: string = process.env['PATH'] ?? ''): Promise<Renderer> {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  const names = [
    ...converters.map((name) => ({ name, kind: 'converter' as const })),
    ...browsers.map((name) => ({ name, kind: 'browser' as const })),
  ];
  for (const { name, kind } of names) {
    for (const folder of folders) {
      const program = join(folder, name);
      if (
        await access(program, constants.X_OK).then(
          () => true,
          () => false,
        )
      )
        return { path: program, kind };
    }
  }
  throw new SluiceError(
    'PROCESS_FAILED',
    `PNG needs a program that draws SVG, and none of ${[...converters, ...browsers].join(', ')} is installed: ` +
      'install one, take --svg, or export from the console',
  );
}

/** The bytes of the PNG, twice as large as the drawing says. @throws SluiceError PROCESS_FAILED */
export async function renderPng(
  drawing: Drawing,
  { path, kind }: Renderer,
  signal: AbortSignal,
): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-picture-'));
  try {
    const [from, to] = [join(folder, 'picture.svg'), join(folder, 'picture.png')];
    await writeFile(from, drawing.svg);
    const flags = kind === 'converter' ? converterFlags(from, to) : browserFlags(from, to, folder, drawing);
    const env = { PATH: process.env['PATH'] ?? '', HOME: folder };
    await runProgram(path, flags, { env, cwd: folder, timeoutMilliseconds: drawMs }, signal);
    return await readFile(to);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function converterFlags(from: string, to: string): readonly string[] {
  return ['--zoom', String(ratio), '--output', to, from];
}

function browserFlags(
  from: string,
  to: string,
  folder: string,
  { width, height }: Drawing,
): readonly string[] {
  // A page of our own making, which loads nothing: root cannot have Chromium's sandbox, and needs none for that.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return [
    '--headless',
    '--disable-gpu',
    '--hide-scrollbars',
    `--user-data-dir=${join(folder, 'profile')}`,
    `--force-device-scale-factor=${ratio}`,
    `--window-size=${width},${height}`,
    `--screenshot=${to}`,
    ...sandbox,
    pathToFileURL(from).href,
  ];
}
