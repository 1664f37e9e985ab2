/** What V8's CPU profiler writes: `.cpuprofile`, call sites and, for each moment that was looked at, which one ran. */
import { z } from 'zod';
import { ProfileBuilder } from './builder.ts';
import { ProfileError, type Profile } from './profile.ts';
import { callFrameSchema, frameOf, whyNot } from './v8-frames.ts';

const fileSchema = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: callFrameSchema,
      hitCount: z.number().optional(),
      children: z.array(z.number()).optional(),
    }),
  ),
  startTime: z.number().optional(),
  endTime: z.number().optional(),
  samples: z.array(z.number()).optional(),
  timeDeltas: z.array(z.number()).optional(),
});

/** @throws ProfileError that names the field */
export function readCpuProfile(parsed: unknown): Profile {
  const result = fileSchema.safeParse(parsed);
  if (!result.success) {
    const { field, sentence } = whyNot(result.error);
    throw new ProfileError('cpuprofile', field, `This .cpuprofile of V8 is not whole: ${sentence}.`);
  }
  const { nodes, samples, timeDeltas = [], startTime = 0, endTime = 0 } = result.data;
  const builder = new ProfileBuilder([
    { type: 'samples', unit: 'count' },
    { type: 'cpu', unit: 'microseconds' },
  ]);
  const totals = new Map<number, { samples: number; microseconds: number }>();
  const of = (id: number) => {
    let total = totals.get(id);
    if (!total) totals.set(id, (total = { samples: 0, microseconds: 0 }));
    return total;
  };
  if (samples) {
    const looked = timeDeltas.reduce((sum, delta) => sum + delta, 0);
    const rest = endTime - startTime - looked;
    for (const [index, id] of samples.entries()) {
      const total = of(id);
      total.samples += 1;
      // The time until the next look, or the end, belongs to what ran at this one.
      total.microseconds += Math.max(0, index + 1 < samples.length ? (timeDeltas[index + 1] ?? 0) : rest);
    }
  } else for (const { id, hitCount = 0 } of nodes) of(id).samples = hitCount;
  const parents = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)),
  );
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, frameOf(builder, callFrame)] as const));
  for (const [id, total] of totals) {
    if (!frames.has(id)) {
      throw new ProfileError(
        'cpuprofile',
        'samples',
        `This .cpuprofile contradicts itself: there is no node ${id} (samples).`,
      );
    }
    builder.add(stackOf(id, parents, frames), [total.samples, total.microseconds]);
  }
  const durationMs = (endTime - startTime) / 1000;
  return builder.build('cpuprofile', {
    defaultType: samples ? 1 : 0,
    ...(durationMs > 0 ? { durationMs } : {}),
  });
}

/** Leaf first, without the root. A tree that goes in circles ends where it meets itself. */
function stackOf(
  id: number,
  parents: ReadonlyMap<number, number>,
  frames: ReadonlyMap<number, number>,
): readonly number[] {
  const stack: number[] = [];
  const seen = new Set<number>();
  for (let at: number | undefined = id; at !== undefined && !seen.has(at); at = parents.get(at)) {
    seen.add(at);
    if (parents.has(at)) stack.push(frames.get(at) ?? 0);
  }
  return stack;
}
