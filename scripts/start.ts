/** `npm start`: builds what is not built, then opens the desktop window, or serves headless and says why. */
import { ensureBuilt } from './build.ts';
import { findElectron } from './electron.ts';
import { root, run, say, stop, userDirectory } from './process.ts';
import { runCommandLine } from './sluice.ts';

const help = `Usage: npm start [-- [--headless | --desktop] [options of "sluice serve"]]

Builds what is not built, then opens the desktop window. Without a display or an Electron binary it serves
headless, and the console opens in a browser.

  --headless  serve without a window
  --desktop   open the window, or fail and say why not
  --help      show this, and the options of "sluice serve"
`;

/** Where the console opens: an Electron binary, or the reason to serve headless. */
type Host = { readonly electron: string } | { readonly because: string };

export async function main(arguments_: readonly string[]): Promise<void> {
  const ours = new Set(['--headless', '--desktop', '--help', '-h']);
  const asked = new Set(arguments_.filter((argument) => ours.has(argument)));
  const flags = arguments_.filter((argument) => !ours.has(argument));
  if (asked.has('--headless') && asked.has('--desktop')) stop('choose --headless or --desktop, not both', 2);
  if (asked.has('--help') || asked.has('-h')) {
    process.stdout.write(`${help}\n`);
    await ensureBuilt();
    return runCommandLine(['serve', '--help']);
  }
  await ensureBuilt();
  const host = asked.has('--headless') ? { because: '--headless' } : await chooseHost();
  if ('electron' in host) return openDesktop(host.electron, flags);
  if (asked.has('--desktop')) stop(`cannot open the desktop window: ${host.because}`);
  say(`Serving headless: ${host.because}.`);
  return runCommandLine(['serve', ...flags]);
}

async function chooseHost(): Promise<Host> {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) {
    return { because: 'there is no display (DISPLAY and WAYLAND_DISPLAY are not set)' };
  }
  if (process.getuid?.() === 0) return { because: 'Electron keeps its sandbox, which root cannot have' };
  const electron = await findElectron();
  return 'path' in electron ? { electron: electron.path } : { because: electron.missing };
}

async function openDesktop(electron: string, flags: readonly string[]): Promise<void> {
  // Set by editors that are themselves Electron; it would turn ours into a plain Node.
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  process.exitCode = await run(electron, [root, ...flags], { cwd: userDirectory, env });
}
