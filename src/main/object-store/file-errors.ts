/** What the file system throws, as a SluiceError. */
import { messageOf, SluiceError } from '#shared/errors.ts';

const refusals = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENAMETOOLONG']);

/** Runs `work`; a failure of the file system in it is thrown as STORE_REFUSED or STORE_UNAVAILABLE. */
export async function asStoreErrors<T>(description: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code =
      error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    const kind = refusals.has(code) ? 'STORE_REFUSED' : 'STORE_UNAVAILABLE';
    throw new SluiceError(kind, `${description}: ${messageOf(error)}`, { cause: error });
  }
}
