/** Downloads: how each object is being fetched, or was. Asked once a second while somebody looks. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { downloadDetailSchema, downloadListSchema } from '#shared/download-model.ts';

export const downloadsContract = {
  /** The newest 200 downloads. */
  list: oc.output(downloadListSchema),
  /** One of them, with the pieces that have changed since `version` (-1: all that are remembered). */
  detail: oc
    .input(z.object({ id: z.number().int(), version: z.number().int().min(-1) }))
    .output(downloadDetailSchema),
};
