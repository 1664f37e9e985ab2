/**
 * One state for several: what a pixel of the raster shows when it stands for more than one slot or column. The most
 * frequent wins, the latest of equals; a retry or a failure is never outvoted, because it is what one looks for.
 */
export type StateCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

const retry = 6;
const failed = 7;
const counts = new Uint16Array(8);

/** The state that stands for `codes`, given in order of time; 0 for none. */
export function strongest(codes: ArrayLike<number>): StateCode {
  counts.fill(0);
  let winner = 0;
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index] ?? 0;
    counts[code] = (counts[code] ?? 0) + 1;
    if ((counts[code] ?? 0) >= (counts[winner] ?? 0)) winner = code;
  }
  if ((counts[failed] ?? 0) > 0) return failed;
  if ((counts[retry] ?? 0) > 0) return retry;
  return winner as StateCode;
}
