/** What somebody has typed and not saved: checked by the schemas that the server checks by, value by value and all together. */
import { settings, type Config, type SettingName } from '#shared/config.ts';
import type { SettingState } from '#shared/contract/settings.ts';
import { isSluiceError } from '#shared/errors.ts';
import { planMemory, type MemoryPlan } from '#shared/memory-plan.ts';
import { checkSettingText } from '#shared/setting-text.ts';

export type Drafts = Readonly<Partial<Record<SettingName, string>>>;

export interface CheckedDrafts {
  /** What to save: text, or `null` to save nothing for a setting. Empty when nothing would change. */
  readonly changes: Readonly<Partial<Record<SettingName, string | null>>>;
  /** Why a setting cannot be what was typed: a sentence for each. */
  readonly problems: ReadonlyMap<SettingName, string>;
  /** How memory would be divided; `undefined` while something is wrong with it. */
  readonly plan: MemoryPlan | undefined;
  /** The window and the chunk that go with the plan. */
  readonly window: number;
}

/** The text in the field of a setting. */
export function fieldText(state: SettingState, drafts: Drafts): string {
  return drafts[state.name] ?? keptText(state);
}

/** What would be in the field if nobody had typed. An unset field shows its default as a hint instead. */
function keptText({ saved, value, provenance }: SettingState): string {
  if (isFixed(provenance)) return value;
  return saved ?? '';
}

/** Whether something stronger than the console decides: a file, the environment or a flag. */
export function isFixed(provenance: SettingState['provenance']): boolean {
  return provenance === 'file' || provenance === 'environment' || provenance === 'flag';
}

export function checkDrafts(states: readonly SettingState[], drafts: Drafts): CheckedDrafts {
  const changes: Partial<Record<SettingName, string | null>> = {};
  const problems = new Map<SettingName, string>();
  for (const state of states) {
    const draft = drafts[state.name];
    if (draft === undefined || draft.trim() === keptText(state)) continue;
    const checked = checkSettingText(state.name, draft);
    if (checked.kind === 'wrong') problems.set(state.name, `Allowed is ${checked.allowed}.`);
    else changes[state.name] = checked.kind === 'unset' ? null : draft.trim();
  }
  const sizes = sizesOf(states, drafts);
  const planned = sizes && planOf(sizes);
  if (planned && !('budgetBytes' in planned)) {
    problems.set(problems.has('memoryBudgetBytes') ? 'chunkBytes' : 'memoryBudgetBytes', planned.sentence);
  }
  const plan = planned && 'budgetBytes' in planned ? planned : undefined;
  return { changes, problems, plan, window: sizes?.window ?? 1 };
}

type Sizes = Pick<
  Config,
  'memoryBudgetBytes' | 'memoryCacheBytes' | 'chunkBytes' | 'maxConnections' | 'window'
>;

const sizeNames = [
  'memoryBudgetBytes',
  'memoryCacheBytes',
  'chunkBytes',
  'maxConnections',
  'window',
] as const satisfies readonly SettingName[];

/** The sizes that the fields come to: what was typed, else what the next start will have. */
function sizesOf(states: readonly SettingState[], drafts: Drafts): Sizes | undefined {
  const sizes: Partial<Record<(typeof sizeNames)[number], number>> = {};
  for (const name of sizeNames) {
    const state = states.find((each) => each.name === name);
    if (!state) return undefined;
    const typed = drafts[name]?.trim();
    const text = typed === undefined ? (state.next ?? state.value) : typed === '' ? state.fallback : typed;
    const checked = checkSettingText(name, text);
    if (checked.kind !== 'value' || typeof checked.value !== 'number') {
      // A memory cache that is not set is whatever the budget has to spare.
      if (name !== 'memoryCacheBytes' || checked.kind === 'wrong') return undefined;
      sizes[name] = Number.MAX_SAFE_INTEGER;
    } else sizes[name] = checked.value;
  }
  return sizes as Sizes;
}

function planOf(sizes: Sizes): MemoryPlan | { readonly sentence: string } {
  try {
    return planMemory(sizes, {
      memoryBudgetBytes: 'The budget',
      chunkBytes: settings.chunkBytes.label.toLowerCase(),
    });
  } catch (error) {
    if (!isSluiceError(error, 'INVALID_INPUT')) throw error;
    return { sentence: `${error.message}.` };
  }
}
