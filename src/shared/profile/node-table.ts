/**
 * The nodes of a tree of calls in typed arrays, with a hash table from (parent, name) to the child, so that a million
 * nodes cost megabytes and no garbage.
 */
import { requireAtMost } from './limits.ts';

export class NodeTable {
  /** Values for each node. */
  readonly width: number;
  #name = new Uint32Array(1024);
  #parent = new Uint32Array(1024);
  #depth = new Uint16Array(1024);
  #total: Float64Array;
  #self: Float64Array;
  #size = 1;
  /** Nodes by (parent, name); 0 where there is none, because the root is nobody's child. */
  #slots = new Uint32Array(4096);

  constructor(width: number) {
    this.width = width;
    this.#total = new Float64Array(1024 * width);
    this.#self = new Float64Array(1024 * width);
  }

  get size(): number {
    return this.#size;
  }

  /** The child of that name; it is made if there is none. @throws ProfileError when there are too many */
  child(parent: number, name: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash(parent, name) & mask;
    for (let node = this.#slots[slot] ?? 0; node !== 0; node = this.#slots[slot] ?? 0) {
      if (this.#parent[node] === parent && this.#name[node] === name) return node;
      slot = (slot + 1) & mask;
    }
    const node = this.#size;
    requireAtMost('nodes', node, 'unknown', 'different stacks');
    if (node === this.#name.length) this.#grow();
    this.#name[node] = name;
    this.#parent[node] = parent;
    this.#depth[node] = Math.min(0xffff, (this.#depth[parent] ?? 0) + 1);
    this.#size += 1;
    if (this.#size * 2 > this.#slots.length) this.#rehash();
    else this.#slots[slot] = node;
    return node;
  }

  addTotal(node: number, column: number, value: number): void {
    const at = node * this.width + column;
    this.#total[at] = (this.#total[at] ?? 0) + value;
  }

  addSelf(node: number, column: number, value: number): void {
    const at = node * this.width + column;
    this.#self[at] = (this.#self[at] ?? 0) + value;
  }

  /** What there is, cut to size; `total` and `self` have `width` values for each node. */
  arrays() {
    const { width } = this;
    return {
      name: this.#name.slice(0, this.#size),
      parent: this.#parent.slice(0, this.#size),
      depth: this.#depth.slice(0, this.#size),
      total: this.#total.slice(0, this.#size * width),
      self: this.#self.slice(0, this.#size * width),
    };
  }

  #grow(): void {
    const count = this.#name.length * 2;
    const name = new Uint32Array(count);
    const parent = new Uint32Array(count);
    const depth = new Uint16Array(count);
    const total = new Float64Array(count * this.width);
    const self = new Float64Array(count * this.width);
    name.set(this.#name);
    parent.set(this.#parent);
    depth.set(this.#depth);
    total.set(this.#total);
    self.set(this.#self);
    this.#name = name;
    this.#parent = parent;
    this.#depth = depth;
    this.#total = total;
    this.#self = self;
  }

  #rehash(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let node = 1; node < this.#size; node += 1) {
      let slot = hash(this.#parent[node] ?? 0, this.#name[node] ?? 0) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = node;
    }
    this.#slots = slots;
  }
}

/** Mixes both into 32 bits (the finalizer of MurmurHash3). */
function hash(parent: number, name: number): number {
  let mixed = Math.imul(parent, 0x9e3779b1) ^ name;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
