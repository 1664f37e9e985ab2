/**
 * The types of the library, beside its bundle: the declarations that src/main/library.ts leads to, which `tsc` leaves in
 * .cache/types, with imports that hold in an installed package too. Part of packing only: a build to run needs none.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { root, run, stop } from './process.ts';

const from = join(root, '.cache/types');
const to = join(root, 'out/types');
const entry = 'main/library';

/** `npm pack` runs this after the build. */
export async function main(): Promise<void> {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const code = await run(process.execPath, [tsc, '--build', join(root, 'src/main')], { output: 'stderr' });
  if (code !== 0) stop(`the types were not made (exit code ${code}); what tsc printed is above`);
  await rm(to, { recursive: true, force: true });
  const wanted = [entry];
  // The loop also sees what is added meanwhile.
  for (const name of wanted) {
    const { text, imports } = declaration(name, await readFile(sourceOf(name), 'utf8'));
    wanted.push(...imports.filter((each) => !wanted.includes(each)));
    await mkdir(dirname(join(to, name)), { recursive: true });
    await writeFile(join(to, `${name}.d.ts`), text);
  }
}

/** `main/client/restore` is in `.cache/types/main/src/main/client/restore.d.ts`. */
function sourceOf(name: string): string {
  return join(from, name.split('/')[0] ?? '', 'src', `${name}.d.ts`);
}

/** The declarations of `name` with relative imports, and the names of what they import of ours. */
export function declaration(
  name: string,
  source: string,
): { readonly text: string; readonly imports: readonly string[] } {
  const imports: string[] = [];
  const text = source.replace(
    /(from |import\()(['"])([#.][^'"]*)\.ts\2/g,
    (_, before: string, quote: string, to: string) => {
      const target = to.startsWith('#') ? to.slice(1) : posix.join(posix.dirname(name), to);
      imports.push(target);
      const relative = posix.relative(posix.dirname(name), target);
      return `${before}${quote}${relative.startsWith('.') ? relative : `./${relative}`}.js${quote}`;
    },
  );
  return { text, imports };
}
