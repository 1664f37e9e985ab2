/** Why a server could not start, in one sentence that names the option to change. */
import { quoted, systemReason } from '#main/config/quoted.ts';
import { settings, type Config } from '#shared/config.ts';
import { SluiceError } from '#shared/errors.ts';

/** The data folder cannot be made or written: bad input. */
export function dataFolderFailure(error: unknown, { dataDir }: Config): SluiceError {
  const reason = `--data-dir ${quoted(dataDir)} cannot be used (${systemReason(error)})`;
  return new SluiceError('INVALID_INPUT', `${reason}: allowed is ${settings.dataDir.allowed}`, {
    cause: error,
  });
}

/** The address cannot be had. That is no bad input: the same command may work a moment later. */
export function listenFailure(error: unknown, { host, port }: Config): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} on ${host} is in use: choose another with --port, or 0 for a free one`,
    EACCES: `port ${port} on ${host} is not allowed to this user: choose one above 1023 with --port`,
    EADDRNOTAVAIL: `${host} is no address of this machine: choose another with --host`,
    ENOTFOUND: `${host} is no address of this machine: choose another with --host`,
  };
  const reason = reasons[code];
  return reason === undefined ? error : new SluiceError('BUSY', reason, { cause: error });
}
