/** Filters that somebody gave a name: kept by the browser, a bounded number of them. */
import { Signal } from '../../../state/signal.ts';

export interface SavedFilter {
  readonly name: string;
  readonly text: string;
}

/** What is kept at most; the oldest go. */
const maxSaved = 32;
export const maxNameLength = 60;
const maxTextLength = 2000;
const key = 'sluice.filters';

export const savedChanged = new Signal(0);

/** In the order of their saving, the newest first. What cannot be read is none. */
export function savedFilters(): readonly SavedFilter[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(value) ? value.filter(isSaved).slice(0, maxSaved) : [];
  } catch {
    return [];
  }
}

/** Keeps a filter under a name; another of that name goes. */
export function saveFilter({ name, text }: SavedFilter): void {
  const kept = { name: name.trim().slice(0, maxNameLength), text: text.trim().slice(0, maxTextLength) };
  if (kept.name === '' || kept.text === '') return;
  write([kept, ...savedFilters().filter((each) => each.name !== kept.name)].slice(0, maxSaved));
}

export function forgetFilter(name: string): void {
  write(savedFilters().filter((each) => each.name !== name));
}

function write(filters: readonly SavedFilter[]): void {
  try {
    localStorage.setItem(key, JSON.stringify(filters));
  } catch (error) {
    console.info('The filter is not remembered:', error);
  }
  savedChanged.touch();
}

function isSaved(value: unknown): value is SavedFilter {
  const { name, text } = Object(value) as Record<string, unknown>;
  return typeof name === 'string' && typeof text === 'string' && name.length <= maxNameLength;
}
