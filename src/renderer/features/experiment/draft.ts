/** The plan of the form: texts in the address, what they come to, and what is wrong with them. */
import {
  type ExperimentPlan,
  maxSpeeds,
  planLimits,
  quickPlan,
  standardPlan,
} from '#shared/experiment/plan.ts';
import { formatExactBytes, parseBytes } from '#shared/units.ts';
import type { Params } from '../../state/place.ts';

interface DraftField {
  /** Its parameter in the address. */
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly written: (plan: ExperimentPlan) => string;
  /** The plan with what was typed, or what is wrong with it. */
  readonly read: (text: string, plan: ExperimentPlan) => ExperimentPlan | string;
}

type SizeName = 'objectBytes' | 'chunkBytes' | 'budgetBytes' | 'ceilingBytes';

function sizeField(name: string, key: SizeName, label: string, hint: string): DraftField {
  const [least, most] = planLimits[key];
  return {
    name,
    label,
    hint,
    written: (plan) => formatExactBytes(plan[key]),
    read: (text, plan) => {
      const bytes = parseBytes(text);
      if (bytes === undefined) return 'A size, as 8MiB';
      return bytes >= least && bytes <= most
        ? { ...plan, [key]: bytes }
        : `From ${formatExactBytes(least)} to ${formatExactBytes(most)}`;
    },
  };
}

function countField(name: 'readers' | 'workers', label: string, hint: string): DraftField {
  const [least, most] = planLimits[name];
  return {
    name,
    label,
    hint,
    written: (plan) => String(plan[name]),
    read: (text, plan) => {
      const count = /^\d{1,6}$/.test(text.trim()) ? Number(text) : Number.NaN;
      return count >= least && count <= most ? { ...plan, [name]: count } : `From ${least} to ${most}`;
    },
  };
}

const speedsField: DraftField = {
  name: 'speeds',
  label: 'Speeds',
  hint: 'bytes a second, in turns',
  written: (plan) => plan.speeds.map(formatExactBytes).join(', '),
  read: (text, plan) => {
    const [least, most] = planLimits.bytesPerSecond;
    const speeds = text.split(',').map(parseBytes);
    const isRight = (speed: number | undefined): speed is number =>
      speed !== undefined && speed >= least && speed <= most;
    if (speeds.length > maxSpeeds) return `At most ${maxSpeeds}`;
    return speeds.every(isRight) ? { ...plan, speeds } : 'Sizes with commas, as 4MiB, 16MiB';
  },
};

export const draftFields: readonly DraftField[] = [
  sizeField('size', 'objectBytes', 'Object', 'read by each from end to end'),
  countField('readers', 'Readers', 'of the one object'),
  speedsField,
  sizeField('chunk', 'chunkBytes', 'Chunk', 'what one request is for'),
  countField('workers', 'Workers', 'requests at a time, a reader'),
  sizeField('budget', 'budgetBytes', 'Budget', 'of Sluice, for all bodies'),
  sizeField('ceiling', 'ceilingBytes', 'Ceiling', 'a fetcher is ended there'),
];

/** Where the form begins; in the address as `plan=quick`. */
const draftBases = { standard: standardPlan, quick: quickPlan } as const;
export type DraftBase = keyof typeof draftBases;

export interface Draft {
  readonly base: DraftBase;
  /** What stands in the fields, and what is wrong with it, by name. */
  readonly texts: Readonly<Record<string, string>>;
  readonly problems: Readonly<Record<string, string>>;
  /** With what could be read: the base has the rest. */
  readonly plan: ExperimentPlan;
}

/** Reads the form from the parameters of the address. */
export function readDraft(params: Params): Draft {
  const base = params['plan'] === 'quick' ? 'quick' : 'standard';
  const texts: Record<string, string> = {};
  const problems: Record<string, string> = {};
  let plan: ExperimentPlan = draftBases[base];
  for (const { name, written, read } of draftFields) {
    const text = params[name] ?? written(draftBases[base]);
    texts[name] = text;
    const next = read(text, plan);
    if (typeof next === 'string') problems[name] = next;
    else plan = next;
  }
  return { base, texts, problems, plan };
}

/** The parameters without those of the form: what is left when it begins anew. */
export function withoutDraft(params: Params): Params {
  const names = new Set(['plan', ...draftFields.map(({ name }) => name)]);
  return Object.fromEntries(Object.entries(params).filter(([name]) => !names.has(name)));
}
