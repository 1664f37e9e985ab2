/**
 * The CPU profile of V8 as Chrome and Node wrote it up to 2016: a tree of calls in `head`, with the moments that were
 * looked at in `timestamps`. It becomes what is written today.
 */
import { z } from 'zod';
import { ProfileError } from './profile.ts';
import { checked } from './v8-frames.ts';

const nodeSchema = z.object({
  id: z.number(),
  functionName: z.string(),
  url: z.string().default(''),
  /** The first is 1. */
  lineNumber: z.number().default(0),
  hitCount: z.number(),
  children: z.array(z.unknown()).default([]),
});

const fileSchema = z.object({
  head: z.unknown(),
  samples: z.array(z.number()).optional(),
  /** Microseconds. */
  timestamps: z.array(z.number()).optional(),
});

/** Its calls have names of their own, and no `callFrame`. */
export function isOldCpuProfile(parsed: unknown): boolean {
  const head = isObject(parsed) ? parsed['head'] : undefined;
  return isObject(head) && !('callFrame' in head) && 'functionName' in head;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** @throws ProfileError that names the field */
export function fromOldCpuProfile(parsed: unknown): unknown {
  const { head, samples, timestamps } = checked('cpuprofile', fileSchema, parsed, '');
  const nodes: unknown[] = [];
  const pending: { readonly node: unknown; readonly path: string; readonly parent?: number }[] = [
    { node: head, path: 'head' },
  ];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { path, parent } = next;
    const { id, functionName, url, lineNumber, hitCount, children } = checked(
      'cpuprofile',
      nodeSchema,
      next.node,
      path,
    );
    nodes.push({ id, parent, hitCount, callFrame: { functionName, url, lineNumber: lineNumber - 1 } });
    for (const [at, child] of children.entries())
      pending.push({ node: child, path: `${path}.children.${at}`, parent: id });
  }
  if (!samples || !timestamps) return { nodes, samples };
  if (samples.length !== timestamps.length)
    throw new ProfileError(
      'cpuprofile',
      'timestamps',
      `This .cpuprofile contradicts itself: there are ${timestamps.length} timestamps for ${samples.length} samples.`,
    );
  const startTime = timestamps[0] ?? 0;
  const timeDeltas = timestamps.map((at, index) => at - (timestamps[index - 1] ?? startTime));
  return { nodes, samples, startTime, endTime: timestamps.at(-1) ?? 0, timeDeltas };
}
