/** What V8's sampling heap profiler writes: `.heapprofile`, a tree of call sites with the bytes that are still there. */
import { z } from 'zod';
import { ProfileBuilder } from './builder.ts';
import { ProfileError, type Profile } from './profile.ts';
import { callFrameSchema, frameOf, whyNot } from './v8-frames.ts';

interface HeapNode {
  readonly callFrame: z.infer<typeof callFrameSchema>;
  readonly selfSize: number;
  readonly id: number;
  readonly children: readonly HeapNode[];
}

const nodeSchema: z.ZodType<HeapNode> = z.lazy(() =>
  z.object({
    callFrame: callFrameSchema,
    selfSize: z.number(),
    id: z.number().default(0),
    children: z.array(nodeSchema),
  }),
);

const fileSchema = z.object({
  head: nodeSchema,
  samples: z.array(z.object({ size: z.number(), nodeId: z.number() })).optional(),
});

/** @throws ProfileError that names the field */
export function readHeapProfile(parsed: unknown): Profile {
  const result = fileSchema.safeParse(parsed);
  if (!result.success) {
    const { field, sentence } = whyNot(result.error);
    throw new ProfileError('heapprofile', field, `This .heapprofile of V8 is not whole: ${sentence}.`);
  }
  const { head, samples } = result.data;
  const counts = countSamples(samples);
  const builder = new ProfileBuilder([
    { type: 'inuse_objects', unit: 'count' },
    { type: 'inuse_space', unit: 'bytes' },
  ]);
  // Depth first without recursion: stacks may be deeper than ours.
  const pending: { readonly node: HeapNode; readonly stack: readonly number[] }[] = [
    { node: head, stack: [] },
  ];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node, stack } = next;
    const isRoot = node === head;
    const frames = isRoot ? [] : [frameOf(builder, node.callFrame), ...stack];
    if (node.selfSize > 0 && frames.length > 0)
      builder.add(frames, [counts.get(node.id) ?? 0, node.selfSize]);
    for (const child of node.children.toReversed()) pending.push({ node: child, stack: frames });
  }
  return builder.build('heapprofile', { defaultType: 1 });
}

function countSamples(
  samples: readonly { readonly size: number; readonly nodeId: number }[] = [],
): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { nodeId } of samples) counts.set(nodeId, (counts.get(nodeId) ?? 0) + 1);
  return counts;
}
