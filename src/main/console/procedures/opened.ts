/** The procedure about the file that this server shows. */
import { requireOperator } from '#main/console/context.ts';
import type { ShownFile } from '#main/console/opened-file.ts';
import { telling } from '#main/console/refusals.ts';
import { SluiceError } from '#shared/errors.ts';
import { implementer } from './implementer.ts';

/** @param shown absent for a server that was started to serve */
export function openedProcedures(shown: ShownFile | undefined) {
  const { opened } = implementer;
  return {
    read: opened.read.handler(({ input: { name, offset, bytes }, context }) =>
      telling(async () => {
        if (shown?.least !== 'viewer') requireOperator(context);
        const file = shown?.file;
        if (!file) throw new SluiceError('NOT_FOUND', 'this server was started without a file to show');
        const piece = await file.read(name, offset, bytes);
        return { base64: Buffer.from(piece).toString('base64') };
      }),
    ),
  };
}
