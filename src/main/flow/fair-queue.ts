/**
 * Who waits for memory now, in an order that is fair between clients: first come, first served within one client,
 * and one after the other between clients. A host that opens two hundred connections waits in one line like everybody
 * else.
 */
export interface Waiting {
  /** Whose share it takes: an address, or a name that somebody has proved. */
  readonly client: string;
}

export class FairQueue<T extends Waiting> {
  /** Clients in the order of their turns; each line is not empty. */
  readonly #lines = new Map<string, Set<T>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(member: T): boolean {
    return this.#lines.get(member.client)?.has(member) === true;
  }

  /** Appends; does nothing when it waits already. */
  add(member: T): void {
    const line = this.#lines.get(member.client);
    if (line?.has(member)) return;
    if (line) line.add(member);
    else this.#lines.set(member.client, new Set([member]));
    this.#size += 1;
  }

  delete(member: T): void {
    const line = this.#lines.get(member.client);
    if (!line?.delete(member)) return;
    this.#size -= 1;
    if (line.size === 0) this.#lines.delete(member.client);
  }

  /** Whose turn it is; stays first until it is taken out. */
  first(): T | undefined {
    const [line] = this.#lines.values();
    return line?.values().next().value;
  }

  /** Takes `member` out because it was served: its client's next turn comes after everybody else's. */
  served(member: T): void {
    const line = this.#lines.get(member.client);
    this.delete(member);
    if (!line || line.size === 0) return;
    this.#lines.delete(member.client);
    this.#lines.set(member.client, line);
  }

  *[Symbol.iterator](): Generator<T> {
    for (const line of this.#lines.values()) yield* line;
  }
}
