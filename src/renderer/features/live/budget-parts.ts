/**
 * The parts of the budget in the order of the bar: from what a client has to what nobody has. Each has the hue of the
 * slots that it is about, paler where the memory could be taken back; what belongs to no slot is grey.
 */
import type { PoolState } from '#shared/vocabulary/live.ts';

export interface BudgetPart {
  readonly state: PoolState;
  readonly name: string;
  readonly meaning: string;
  /** A colour of the style sheet. */
  readonly color: string;
}

const pale = (token: string): string => `color-mix(in oklab, var(--${token}) 50%, var(--page))`;
const full = (token: string): string => `var(--${token})`;

export const budgetParts: readonly BudgetPart[] = [
  {
    state: 'pinned',
    name: 'pinned',
    meaning: 'A socket or the disk reads from it',
    color: full('draining'),
  },
  {
    state: 'bounce',
    name: 'bounce',
    meaning: 'Copies that slow clients have still to take',
    color: pale('draining'),
  },
  {
    state: 'needed',
    name: 'needed',
    meaning: 'Complete, and a client is in the middle of it',
    color: full('held'),
  },
  {
    state: 'ahead',
    name: 'ahead',
    meaning: 'Read ahead; given up when somebody needs it more',
    color: pale('held'),
  },
  { state: 'filled', name: 'filled', meaning: 'Bytes of chunks that are coming', color: full('receiving') },
  {
    state: 'unfilled',
    name: 'unfilled',
    meaning: 'Room for the rest of chunks that are coming',
    color: full('waiting'),
  },
  {
    state: 'queued',
    name: 'queued',
    meaning: 'Room for chunks that were not asked for yet',
    color: full('queued'),
  },
  { state: 'small', name: 'small', meaning: 'Small reads and small objects', color: full('upload') },
  { state: 'cached', name: 'cached', meaning: 'Nobody reads it at present', color: full('cached') },
  { state: 'upload', name: 'uploads', meaning: 'Parts of uploads in progress', color: full('heap') },
  {
    state: 'connection',
    name: 'connections',
    meaning: "Heads of the store's answers",
    color: full('external'),
  },
  {
    state: 'zombie',
    name: 'on its way back',
    meaning: 'Of no use any more, but a socket or a read still has it',
    color: full('text-3'),
  },
  { state: 'free', name: 'free', meaning: 'Nobody has it', color: full('free') },
];

interface BudgetShare {
  readonly name: string;
  readonly states: readonly PoolState[];
  /** Whose colour it has. */
  readonly part: BudgetPart;
}

export const budgetShares: readonly BudgetShare[] = [
  share('sending', 'pinned', 'bounce'),
  share('held', 'needed', 'ahead'),
  share('coming', 'filled', 'unfilled', 'queued'),
  share('cached', 'cached'),
  share('other', 'small', 'upload', 'connection', 'zombie'),
  share('free', 'free'),
];

function share(name: string, first: PoolState, ...others: readonly PoolState[]): BudgetShare {
  const part = budgetParts.find(({ state }) => state === first);
  if (!part) throw new Error(`no part of the budget is ${first}`);
  return { name, states: [first, ...others], part };
}
