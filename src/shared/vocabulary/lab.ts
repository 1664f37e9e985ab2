/** The words of the Range Lab's records. */

/** Methods that change nothing on a server that follows RFC 9110, section 9.2.1. */
export const labMethods = ['GET', 'HEAD', 'OPTIONS'] as const;
export type LabMethod = (typeof labMethods)[number];

/** The request fields that can be set; the rest are the transport's own. No credentials: records are shown and sent. */
export const labFields = [
  'range',
  'if-range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'accept',
  'accept-encoding',
  'cache-control',
] as const;
export type LabField = (typeof labFields)[number];

export const checkLevels = ['MUST', 'SHOULD', 'MAY'] as const;
export type CheckLevel = (typeof checkLevels)[number];

/** `fail`: a MUST is broken. `warn`: a SHOULD or a MAY is not met. */
export const checkVerdicts = ['pass', 'fail', 'warn', 'not applicable'] as const;
export type CheckVerdict = (typeof checkVerdicts)[number];
