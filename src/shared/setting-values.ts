/** What settings are made of: values as JSON has them, or as text from flags and the environment. */
import { z } from 'zod';
import { parseRepositoryRule } from './repository-rules.ts';
import { parseBytes, parseDurationMs } from './units.ts';

/** A number of bytes, or text like `8MiB`. */
export const bytes = (minimum: number, maximum: number) =>
  z.union([z.number(), z.string()]).transform((value, context) => {
    const parsed = typeof value === 'number' ? value : parseBytes(value);
    if (parsed !== undefined && Number.isSafeInteger(parsed) && parsed >= minimum && parsed <= maximum)
      return parsed;
    context.addIssue({ code: 'custom', message: 'out of bounds' });
    return z.NEVER;
  });

/** A number, or its decimal digits: nothing else that JavaScript would turn into one (`true`, `''`, `0x10`). */
export const whole = (minimum: number, maximum: number) =>
  z
    .union([
      z.number(),
      z
        .string()
        .regex(/^\d{1,15}$/)
        .transform(Number),
    ])
    .pipe(z.number().int().min(minimum).max(maximum));

/** A boolean, or its word. */
export const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

/** Milliseconds, or text like `15m`. */
export const duration = (minimum: number, maximum: number) =>
  z.union([z.number(), z.string()]).transform((value, context) => {
    const parsed = typeof value === 'number' ? value : parseDurationMs(value);
    if (parsed !== undefined && (parsed === 0 || (parsed >= minimum && parsed <= maximum))) return parsed;
    context.addIssue({ code: 'custom', message: 'out of bounds' });
    return z.NEVER;
  });

/** A list, or text with blanks or commas between. */
export const rules = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(/[\s,]+/).filter(Boolean))])
  .transform((texts, context) => {
    const parsed = texts.map(parseRepositoryRule);
    if (parsed.every((rule) => rule !== undefined)) return parsed;
    context.addIssue({ code: 'custom', message: 'not a rule' });
    return z.NEVER;
  });

/** An http:// or https:// URL. */
export const httpUrl = z.url({ protocol: /^https?$/ });

/** A list, or text with blanks or commas between. */
export const listOf = <T extends z.ZodType<unknown, string>>(member: T) =>
  z
    .union([z.array(z.string()), z.string().transform((text) => text.split(/[\s,]+/).filter(Boolean))])
    .pipe(z.array(member));

/** In lower case. */
export const hostName = z
  .string()
  .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/)
  .transform((name) => name.toLowerCase());

/** `/tools/sluice`; empty for the root. */
export const urlPath = z
  .string()
  .regex(/^\/?$|^(\/[A-Za-z0-9._~-]+)+\/?$/)
  .refine((path) => !/\/\.{1,2}(\/|$)/.test(path))
  .transform((path) => path.replace(/\/$/, ''));

/**
 * `embedded`, a folder as `file:///DIR`, a bucket as `s3://BUCKET[/PREFIX]`, or an HTTP origin as
 * `http://HOST[:PORT][/BASE]`. No user and password: the store's address is shown to everybody.
 */
export const storeUrl = z.union([
  z.string().regex(/^(embedded|file:\/\/\/.+|s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[^?#]*)?)$/),
  httpUrl.regex(/^https?:\/\/[^/?#@]+(\/[^?#]*)?$/),
]);
