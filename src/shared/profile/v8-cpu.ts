/** What V8's CPU profiler writes: `.cpuprofile`, call sites and, for each moment that was looked at, which one ran. */
import { z } from 'zod';
import { ProfileBuilder } from './builder.ts';
import { profileLimits } from './limits.ts';
import { ProfileError, type Profile } from './profile.ts';
import { callFrameSchema, checked, frameOf } from './v8-frames.ts';

const nodeSchema = z.object({
  id: z.number(),
  /** Some writers say it so, and not by the children. */
  parent: z.number().optional(),
  callFrame: callFrameSchema,
  hitCount: z.number().optional(),
  children: z.array(z.number()).max(profileLimits.stackFrames).optional(),
});

/** Lists are checked one by one: a million elements that are wrong would be a million complaints. */
const fileSchema = z.object({
  nodes: z.array(z.unknown()),
  startTime: z.number().optional(),
  endTime: z.number().optional(),
  samples: z.array(z.unknown()).optional(),
  timeDeltas: z.array(z.unknown()).optional(),
});

/** @throws ProfileError that names the field */
export function readCpuProfile(parsed: unknown): Profile {
  const file = checked('cpuprofile', fileSchema, parsed, '');
  const { startTime = 0, endTime = 0 } = file;
  const samples = file.samples && numbers(file.samples, 'samples');
  const timeDeltas = samples && file.timeDeltas && numbers(file.timeDeltas, 'timeDeltas');
  const nodes = file.nodes.map((node, index) => checked('cpuprofile', nodeSchema, node, `nodes.${index}`));
  // Without times there is only how often each was met: who has no clock has not taken 0 microseconds.
  const builder = new ProfileBuilder('cpuprofile', timeDeltas ? [samplesType, cpuType] : [samplesType]);
  const totals = new Map<number, { samples: number; microseconds: number }>();
  const of = (id: number) => {
    let total = totals.get(id);
    if (!total) totals.set(id, (total = { samples: 0, microseconds: 0 }));
    return total;
  };
  if (samples && timeDeltas) {
    for (const { id, microseconds } of looks(samples, timeDeltas, { startTime, endTime })) {
      const total = of(id);
      total.samples += 1;
      total.microseconds += microseconds;
    }
  } else if (samples) for (const id of samples) of(id).samples += 1;
  else for (const { id, hitCount = 0 } of nodes) of(id).samples = hitCount;
  const stackOf = stacks(nodes, builder);
  for (const [id, { samples: count, microseconds }] of totals)
    builder.add(stackOf(id), timeDeltas ? [count, microseconds] : [count]);
  const durationMs = (endTime - startTime) / 1000;
  return builder.build({
    defaultType: timeDeltas ? 1 : 0,
    ...(durationMs > 0 ? { durationMs } : {}),
  });
}

const samplesType = { type: 'samples', unit: 'count' } as const;
const cpuType = { type: 'cpu', unit: 'microseconds' } as const;

/**
 * What ran at each look, and until the next one, or the end. V8 writes some looks out of order: they are put into it, so
 * that all times together are the time that passed. @throws ProfileError
 */
function looks(
  samples: readonly number[],
  timeDeltas: readonly number[],
  { startTime, endTime }: { readonly startTime: number; readonly endTime: number },
): readonly { readonly id: number; readonly microseconds: number }[] {
  if (timeDeltas.length !== samples.length) {
    const sentence = `This .cpuprofile contradicts itself: there are ${timeDeltas.length} timeDeltas for ${samples.length} samples.`;
    throw new ProfileError('cpuprofile', 'timeDeltas', sentence);
  }
  let now = startTime;
  const inOrder = samples
    .map((id, index) => ({ id, at: (now += timeDeltas[index] ?? 0) }))
    .toSorted((a, b) => a.at - b.at);
  return inOrder.map(({ id, at }, index) => ({
    id,
    microseconds: Math.max(0, (inOrder[index + 1]?.at ?? endTime) - at),
  }));
}

const numberSchema = z.number();

function numbers(list: readonly unknown[], field: string): readonly number[] {
  return list.map((value, index) =>
    typeof value === 'number' ? value : checked('cpuprofile', numberSchema, value, `${field}.${index}`),
  );
}

/**
 * Gives the stack of a node: leaf first, without the root. A tree that goes in circles ends where it meets itself.
 * @throws ProfileError for a node that there is not
 */
function stacks(
  nodes: readonly z.infer<typeof nodeSchema>[],
  builder: ProfileBuilder,
): (id: number) => readonly number[] {
  const places = new Map(nodes.map(({ id }, place) => [id, place] as const));
  const frames = nodes.map(({ callFrame }) => frameOf(builder, callFrame));
  const parents = new Int32Array(nodes.length).fill(-1);
  for (const { id, parent, children = [] } of nodes) {
    const own = places.get(id);
    if (own !== undefined && parent !== undefined) parents[own] = places.get(parent) ?? -1;
    for (const child of children) {
      const place = places.get(child);
      if (place !== undefined) parents[place] = places.get(id) ?? -1;
    }
  }
  // In which turn each was met last: a set for each stack would take most of the time.
  const met = new Uint32Array(nodes.length);
  let turn = 0;
  return (id) => {
    const first = places.get(id);
    if (first === undefined) {
      const sentence = `This .cpuprofile contradicts itself: there is no node ${id} (samples).`;
      throw new ProfileError('cpuprofile', 'samples', sentence);
    }
    const stack: number[] = [];
    turn += 1;
    for (let at = first; at >= 0 && met[at] !== turn; at = parents[at] ?? -1) {
      met[at] = turn;
      if ((parents[at] ?? -1) >= 0) stack.push(frames[at] ?? 0);
    }
    return stack;
  };
}
