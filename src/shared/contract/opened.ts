/** The file that this server was started to show (`sluice open FILE`, or the desktop with a file). */
import { oc } from '@orpc/contract';
import { z } from 'zod';

/** Bytes in one answer, before base64. */
export const maxOpenedPieceBytes = 256 * 1024;

export const openedContract = {
  /**
   * So many bytes of the file of this name from `offset` on, as base64: fewer where it ends, or when more were asked
   * for than fit into an answer. NOT_FOUND for any other name. Operators only.
   */
  read: oc
    .input(
      z.object({
        name: z.string().max(255),
        offset: z.number().int().nonnegative(),
        bytes: z.number().int().positive(),
      }),
    )
    .output(z.object({ base64: z.string() })),
};
