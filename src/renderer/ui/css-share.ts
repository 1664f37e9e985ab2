/** A share from 0 to 1 as a width for style sheets: never more than the whole. */
export function cssShare(share: number): string {
  return `${Math.min(100, Math.max(0, share * 100)).toFixed(2)}%`;
}
