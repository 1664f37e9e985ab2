/** Objects of this server that somebody may want to ask about: its snapshots, and what was asked for lately. */
import type { RequestStore } from '../../state/request-store.ts';
import { urlOfTarget } from './words.ts';

const maxSuggestions = 20;
/** The newest rows that are looked through. */
const lookedAt = 500;

export function suggestedUrls(
  repositories: readonly string[],
  requests: Pick<RequestStore, 'first' | 'next' | 'row'>,
  serverUrl: string,
): readonly string[] {
  const targets = new Set(repositories);
  for (
    let number = requests.next - 1;
    number >= Math.max(requests.first, requests.next - lookedAt);
    number -= 1
  ) {
    const row = requests.row(number);
    if (row && row.method === 'GET' && row.status < 400) targets.add(row.target);
    if (targets.size >= maxSuggestions) break;
  }
  return [...targets].flatMap((target) => urlOfTarget(target, serverUrl) ?? []).slice(0, maxSuggestions);
}
