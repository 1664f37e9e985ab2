/** The order of a table, as it stands in the address: `-flat` is by flat, the largest first. */
export interface Order<C extends string = string> {
  readonly column: C;
  readonly direction: 1 | -1;
}

/** What is none of the columns is the usual order. */
export function parseOrder<C extends string, U extends Order | undefined>(
  text: string | undefined,
  columns: readonly C[],
  usual: U,
): Order<C> | U {
  const name = text?.replace(/^-/, '');
  const column = columns.find((each) => each === name);
  if (column === undefined) return usual;
  return { column, direction: text?.startsWith('-') === true ? -1 : 1 };
}

export function orderText({ column, direction }: Order): string {
  return `${direction === -1 ? '-' : ''}${column}`;
}

interface PressedColumn {
  readonly name: string;
  readonly isNumber?: boolean;
}

/** What a press on a column's head makes of the order: numbers begin with the largest, texts with the first. */
export function nextOrder(now: Order | undefined, { name, isNumber = false }: PressedColumn): Order {
  if (now?.column !== name) return { column: name, direction: isNumber ? -1 : 1 };
  return { column: name, direction: now.direction === 1 ? -1 : 1 };
}
