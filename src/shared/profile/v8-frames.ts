/** What V8's formats have in common: how they name a call site, and how a file that is wrong is described. */
import { z } from 'zod';
import type { ProfileBuilder } from './builder.ts';

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

/** The first thing that is wrong: which field, and in words what. */
export function whyNot(error: z.ZodError): { readonly field: string; readonly sentence: string } {
  const [issue] = error.issues;
  const field = issue?.path.map(String).join('.') || 'the file';
  const what = issue?.message.replace(/^Invalid input: /, '') ?? 'something is wrong';
  return { field, sentence: `${field}: ${what}` };
}
