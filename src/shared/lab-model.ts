/**
 * What the Range Lab asks and what comes back: one request to a URL, and the checks of a server. Everything is bounded,
 * so that whatever answers, a console gets a record it can hold.
 */
import { z } from 'zod';
import { checkLevels, checkVerdicts, labFields, labMethods } from './vocabulary/lab.ts';

/** What a field value may be made of (RFC 9110, section 5.5), and how much of it. */
const fieldValue = z
  .string()
  .max(2048)
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/);

export const labRequestSchema = z.object({
  url: z.string().max(4096),
  method: z.enum(labMethods),
  fields: z.partialRecord(z.enum(labFields), fieldValue),
});
export type LabRequest = Readonly<z.infer<typeof labRequestSchema>>;

/** The first bytes of a body that are kept. */
export const keptBytes = 4096;
/** A body is read this far, and then broken off. */
export const readLimitBytes = 64 * 1024 * 1024;
/** Fields of an answer that are kept; the others are counted. */
export const keptFields = 100;

const milliseconds = z.number().nonnegative();

/** How long each phase took; absent where there was none, as for an address or a connection that was open already. */
const timingSchema = z.object({
  lookupMs: milliseconds.optional(),
  connectMs: milliseconds.optional(),
  tlsMs: milliseconds.optional(),
  /** From the request sent to the head of the answer. */
  firstByteMs: milliseconds,
  bodyMs: milliseconds,
  totalMs: milliseconds,
});
export type LabTiming = Readonly<z.infer<typeof timingSchema>>;

export const labAnswerSchema = z.object({
  /** The request as it went out. */
  url: z.string(),
  method: z.enum(labMethods),
  sent: z.array(z.tuple([z.string(), z.string()])),
  /** Whom the name led to: `192.0.2.7:443`. */
  address: z.string(),
  status: z.number().int(),
  reason: z.string(),
  /** In their order, with names as they came. */
  fields: z.array(z.tuple([z.string(), z.string()])),
  /** Fields beyond those that are kept. */
  moreFields: z.number().int().nonnegative(),
  bodyBytes: z.number().int().nonnegative(),
  /** How the body ended. `limit`: it was broken off on our side, at `readLimitBytes`. */
  ended: z.enum(['whole', 'limit', 'broken off']),
  /** Why it broke off. */
  failure: z.string().optional(),
  /** Of a multipart answer: the ranges of its parts, start and end, half-open. */
  parts: z.array(z.tuple([z.number().int(), z.number().int()])).optional(),
  /** The first bytes of the body, in base64. */
  start: z.string(),
  /** SHA-256 of what was read, in hexadecimal digits. */
  sha256: z.string(),
  /** Where a redirect leads; it is not followed. */
  location: z.string().optional(),
  timing: timingSchema,
});
export type LabAnswer = Readonly<z.infer<typeof labAnswerSchema>>;

const checkResultSchema = z.object({
  /** `range-single`. */
  id: z.string(),
  title: z.string(),
  /** `RFC 9110, 14.2`. */
  section: z.string(),
  level: z.enum(checkLevels),
  verdict: z.enum(checkVerdicts),
  /** What came, and what was expected. */
  sentence: z.string(),
  /** What reproduces it in a shell. */
  curl: z.string(),
  durationMs: milliseconds,
});
export type CheckResult = Readonly<z.infer<typeof checkResultSchema>>;

/** What the URL selected when the checks began. */
const checkedObjectSchema = z.object({
  url: z.string(),
  address: z.string(),
  /** The Server field, if there is one. */
  server: z.string().optional(),
  length: z.number().int().nonnegative().optional(),
  etag: z.string().optional(),
  lastModified: z.string().optional(),
});
export type CheckedObject = Readonly<z.infer<typeof checkedObjectSchema>>;

/** A run of the checks, as far as it has come. */
export const checkRunSchema = z.object({
  id: z.string(),
  url: z.string(),
  startedAt: z.number(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  /** Why it failed: a sentence. */
  failure: z.string().optional(),
  object: checkedObjectSchema.optional(),
  /** All that there are; `results` has those that are done, in their order. */
  total: z.number().int(),
  results: z.array(checkResultSchema),
  durationMs: milliseconds,
});
export type CheckRun = Readonly<z.infer<typeof checkRunSchema>>;
