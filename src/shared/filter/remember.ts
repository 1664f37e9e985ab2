/** Texts that are remembered for one check: names and clients repeat from row to row. */
const maxTexts = 1000;

/** The same check, asked once for each text: a pattern takes many times as long as looking up what it said. */
export function remembering(check: (text: string) => boolean): (text: string) => boolean {
  const verdicts = new Map<string, boolean>();
  return (text) => {
    const known = verdicts.get(text);
    if (known !== undefined) return known;
    if (verdicts.size >= maxTexts) verdicts.clear();
    const verdict = check(text);
    verdicts.set(text, verdict);
    return verdict;
  };
}
