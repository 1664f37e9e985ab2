/** Which columns a table shows, in what order and how wide: what somebody made of it, kept for the next time. */

/** What a column is by itself. Widths are CSS pixels. */
export interface ColumnRule {
  readonly id: string;
  readonly width: number;
  readonly isShown: boolean;
}

export interface ColumnLayout {
  /** Every column, also those that are not shown. */
  readonly order: readonly string[];
  readonly hidden: readonly string[];
  /** Of those that were made wider or narrower. */
  readonly widths: Readonly<Record<string, number>>;
}

export const narrowest = 40;
export const widest = 640;

export function defaultLayout(rules: readonly ColumnRule[]): ColumnLayout {
  return {
    order: rules.map(({ id }) => id),
    hidden: rules.filter(({ isShown }) => !isShown).map(({ id }) => id),
    widths: {},
  };
}

export function shownColumns({ order, hidden }: ColumnLayout): readonly string[] {
  return order.filter((id) => !hidden.includes(id));
}

export function widthOf({ widths }: ColumnLayout, rule: ColumnRule): number {
  return widths[rule.id] ?? rule.width;
}

/** Shows a column, or hides it; the last one stays. */
export function toggled(layout: ColumnLayout, id: string): ColumnLayout {
  if (layout.hidden.includes(id)) return { ...layout, hidden: layout.hidden.filter((each) => each !== id) };
  return shownColumns(layout).length > 1 ? { ...layout, hidden: [...layout.hidden, id] } : layout;
}

/** Puts `id` where `target` is; what was there gives way towards where `id` came from. */
export function moved(layout: ColumnLayout, id: string, target: string): ColumnLayout {
  const from = layout.order.indexOf(id);
  const to = layout.order.indexOf(target);
  if (from < 0 || to < 0 || from === to) return layout;
  const rest = layout.order.filter((each) => each !== id);
  return { ...layout, order: [...rest.slice(0, to), id, ...rest.slice(to)] };
}

/** One place among the shown ones to the left (-1) or right (1). */
export function nudged(layout: ColumnLayout, id: string, direction: -1 | 1): ColumnLayout {
  const shown = shownColumns(layout);
  const target = shown[shown.indexOf(id) + direction];
  return target === undefined ? layout : moved(layout, id, target);
}

export function resized(layout: ColumnLayout, id: string, width: number): ColumnLayout {
  const kept = Math.round(Math.min(widest, Math.max(narrowest, width)));
  return { ...layout, widths: { ...layout.widths, [id]: kept } };
}

/** What was kept, as far as it still makes sense: columns that are no more are left out, new ones come at the end. */
export function parseLayout(text: string | null, rules: readonly ColumnRule[]): ColumnLayout {
  const standard = defaultLayout(rules);
  const kept = readJson(text);
  if (kept === undefined) return standard;
  const known = (list: unknown): readonly string[] =>
    Array.isArray(list) ? [...new Set(standard.order.filter((id) => list.includes(id)))] : [];
  const asked = Array.isArray(kept['order']) ? kept['order'] : [];
  const order = known(asked).toSorted((a, b) => asked.indexOf(a) - asked.indexOf(b));
  const added = standard.order.filter((id) => !order.includes(id));
  const hidden = [
    ...new Set([...known(kept['hidden']), ...added.filter((id) => standard.hidden.includes(id))]),
  ];
  if (order.length === 0 || hidden.length >= standard.order.length) return standard;
  const widths = Object.entries(Object(kept['widths']) as Record<string, unknown>).filter(
    (entry): entry is [string, number] =>
      standard.order.includes(entry[0]) && typeof entry[1] === 'number' && Number.isFinite(entry[1]),
  );
  return widths.reduce<ColumnLayout>((layout, [id, width]) => resized(layout, id, width), {
    order: [...order, ...added],
    hidden,
    widths: {},
  });
}

function readJson(text: string | null): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
