/** What V8's formats have in common: how they name a call site, and how a file that is wrong is described. */
import { z } from 'zod';
import type { ProfileBuilder } from './builder.ts';
import { ProfileError, type FileFormat } from './profile.ts';

export const callFrameSchema = z.object({
  functionName: z.string(),
  url: z.string().default(''),
  lineNumber: z.number().default(-1),
});

/** A function without a name is told apart by where it is. */
export function frameOf(
  builder: ProfileBuilder,
  { functionName, url, lineNumber }: z.infer<typeof callFrameSchema>,
): number {
  const name = functionName === '' ? `(anonymous) ${shortUrl(url)}:${lineNumber + 1}` : functionName;
  return builder.function(name, url);
}

function shortUrl(url: string): string {
  return url.split('/').at(-1) ?? url;
}

/** A part of a file, `path` from its beginning, as it has to be. @throws ProfileError that names the field */
export function checked<T>(format: FileFormat, schema: z.ZodType<T>, value: unknown, path: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { field, sentence } = whyNot(result.error, path);
  throw new ProfileError(format, field, `This .${format} of V8 is not whole: ${sentence}.`);
}

/** The first thing that is wrong: which field, and in words what. */
export function whyNot(error: z.ZodError, path = ''): { readonly field: string; readonly sentence: string } {
  const [issue] = error.issues;
  const parts = [path, ...(issue?.path.map(String) ?? [])].filter((part) => part !== '');
  const field = parts.join('.') || 'the file';
  const what = issue?.message.replace(/^Invalid input: /, '') ?? 'something is wrong';
  return { field, sentence: `${field}: ${what}` };
}
