/** What V8's sampling heap profiler writes: `.heapprofile`, a tree of call sites with the bytes that are still there. */
import { z } from 'zod';
import { ProfileBuilder } from './builder.ts';
import type { Profile } from './profile.ts';
import { callFrameSchema, checked, frameOf } from './v8-frames.ts';

/** A node at a time: a list of a million that are wrong would be a million complaints. */
const nodeSchema = z.object({
  callFrame: callFrameSchema,
  selfSize: z.number(),
  id: z.number().default(0),
  children: z.array(z.unknown()),
});

const fileSchema = z.object({ head: z.unknown(), samples: z.array(z.unknown()).optional() });
const sampleSchema = z.object({ nodeId: z.number() });

const spaceType = { type: 'inuse_space', unit: 'bytes' } as const;
/**
 * What was met while it was sampled and is still there: no number of objects. A sample stands for all that was allocated
 * since the one before, and the file does not say how many that were.
 */
const samplesType = { type: 'samples', unit: 'count' } as const;

interface Pending {
  readonly node: unknown;
  /** The way to it, for sentences: `head.children.3`. */
  readonly path: string;
  readonly stack: readonly number[];
}

/** @throws ProfileError that names the field */
export function readHeapProfile(parsed: unknown): Profile {
  const { head, samples } = checked('heapprofile', fileSchema, parsed, '');
  const counts = samples && countSamples(samples);
  const builder = new ProfileBuilder('heapprofile', counts ? [samplesType, spaceType] : [spaceType]);
  // Depth first without recursion: stacks may be deeper than ours.
  const pending: Pending[] = [{ node: head, path: 'head', stack: [] }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { path, stack } = next;
    const { callFrame, selfSize, id, children } = checked('heapprofile', nodeSchema, next.node, path);
    const frames = path === 'head' ? [] : [frameOf(builder, callFrame), ...stack];
    // What nobody called for is the root's own.
    const own = frames.length > 0 ? frames : [frameOf(builder, callFrame)];
    if (selfSize > 0) builder.add(own, counts ? [counts.get(id) ?? 0, selfSize] : [selfSize]);
    for (let at = children.length - 1; at >= 0; at -= 1)
      pending.push({ node: children[at], path: `${path}.children.${at}`, stack: frames });
  }
  return builder.build({ defaultType: counts ? 1 : 0 });
}

function countSamples(samples: readonly unknown[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const [index, sample] of samples.entries()) {
    const { nodeId } = checked('heapprofile', sampleSchema, sample, `samples.${index}`);
    counts.set(nodeId, (counts.get(nodeId) ?? 0) + 1);
  }
  return counts;
}
