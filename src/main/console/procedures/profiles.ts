/** The procedures about profiles of this process, and about the ledger by owner. */
import { requireOperator } from '#main/console/context.ts';
import { telling } from '#main/console/refusals.ts';
import type { Captures } from '#main/profiling/captures.ts';
import { maxReadBytes } from '#shared/vocabulary/profiles.ts';
import { SluiceError } from '#shared/errors.ts';
import type { LedgerOwner } from '#shared/profile/ledger-owner.ts';
import { implementer } from './implementer.ts';

export interface ProfileSources {
  readonly captures: Captures;
  readonly ledger: () => { readonly totalBytes: number; readonly owners: readonly LedgerOwner[] };
}

/** @param sources absent where there is no server whose process it would be */
export function profileProcedures(sources: ProfileSources | undefined) {
  const { profiles: routes } = implementer;
  const present = (): ProfileSources => {
    if (sources) return sources;
    throw new SluiceError('NOT_FOUND', 'this server takes no profiles');
  };
  return {
    estimate: routes.estimate.handler(({ context }) =>
      telling(() => {
        requireOperator(context);
        return present().captures.estimate();
      }),
    ),
    capture: routes.capture.handler(({ input, context }) =>
      telling(() => {
        requireOperator(context);
        return present().captures.start(input);
      }),
    ),
    list: routes.list.handler(({ context }) =>
      telling(() => ({ captures: context.role === 'operator' ? [...present().captures.list()] : [] })),
    ),
    read: routes.read.handler(({ input, context }) =>
      telling(async () => {
        requireOperator(context);
        const { file, capture } = await present().captures.open(input.id);
        try {
          const piece = Buffer.alloc(maxReadBytes);
          const { bytesRead } = await file.read(piece, 0, maxReadBytes, input.offset);
          const next = input.offset + bytesRead;
          return {
            base64: piece.toString('base64', 0, bytesRead),
            ...(next < capture.bytes && bytesRead > 0 ? { next } : {}),
          };
        } finally {
          await file.close();
        }
      }),
    ),
    remove: routes.remove.handler(({ input, context }) =>
      telling(async () => {
        requireOperator(context);
        return { removed: await present().captures.remove(input.id) };
      }),
    ),
    owners: routes.owners.handler(() =>
      telling(() => {
        const { totalBytes, owners } = present().ledger();
        return { at: Date.now(), totalBytes, owners: [...owners] };
      }),
    ),
  };
}
