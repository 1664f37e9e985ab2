/** The order of a table, as it stands in the address: `-flat` is by flat, the largest first. */
export interface Order {
  readonly column: string;
  readonly direction: 1 | -1;
}

/** What is none of the columns is the usual order. */
export function parseOrder(text: string | undefined, columns: readonly string[], usual: Order): Order {
  const column = text?.replace(/^-/, '');
  if (column === undefined || !columns.includes(column)) return usual;
  return { column, direction: text?.startsWith('-') === true ? -1 : 1 };
}

export function orderText({ column, direction }: Order): string {
  return `${direction === -1 ? '-' : ''}${column}`;
}

/** What a press on a column's head makes of the order: numbers begin with the largest, texts with the first. */
export function nextOrder(now: Order, column: string, isNumber: boolean): Order {
  if (now.column !== column) return { column, direction: isNumber ? -1 : 1 };
  return { column, direction: now.direction === 1 ? -1 : 1 };
}
