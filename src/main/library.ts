/** What other programs can use of Sluice: its client. Documented in docs/library.md. */
export { download } from '#main/client/download.ts';
export type {
  DownloadOptions,
  DownloadProgress,
  DownloadResult,
  DownloadSink,
} from '#main/client/download.ts';
export { openFileSink, type FileSink } from '#main/client/file-sink.ts';
export { restore } from '#main/client/restore.ts';
export type { Restored, RestoreEvent, RestoreOptions, RestorePhase } from '#main/client/restore.ts';
export { MissingRefsError } from '#main/client/restore-names.ts';
export { isSluiceError, SluiceError, type ErrorCode } from '#shared/errors.ts';
