/** What only the window on the desktop can do: it is refused in a sentence everywhere else. */
import { oc } from '@orpc/contract';
import { z } from 'zod';

/** The part of an address after the `#`, which is all that a window is told. */
const hash = z
  .string()
  .max(4096)
  .regex(/^#\/[^\s]*$/);

export const desktopContract = {
  /** Asks where to restore to. The folder is new, inside the one that was chosen; absent when none was. */
  chooseFolder: oc
    .input(z.object({ repository: z.string().max(2048) }))
    .output(z.object({ directory: z.string().optional() })),
  /** Asks for a file and writes the requests that pass the filter `q` into it; absent when none was chosen. */
  saveExport: oc
    .input(z.object({ kind: z.enum(['har', 'ndjson']), q: z.string().max(2000) }))
    .output(z.object({ file: z.string().optional() })),
  /** Asks for a file and writes a recording or an incident bundle into it; absent when none was chosen. */
  saveFile: oc
    .input(z.object({ kind: z.enum(['recording', 'incident']), id: z.string().regex(/^[\w-]{1,64}$/) }))
    .output(z.object({ file: z.string().optional() })),
  /** Another window, with this place in it. */
  openWindow: oc.input(z.object({ hash })),
  /** Tells the system, which shows it as it shows such things; a click brings the window to that place. */
  notify: oc.input(
    z.object({ title: z.string().max(200), body: z.string().max(1000), hash: hash.optional() }),
  ),
};
