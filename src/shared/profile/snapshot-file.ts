/** V8's `.heapsnapshot` as columns: what each object is, how large, and what it refers to. */
import { z } from 'zod';
import { JsonScanner, ScanError } from './json-scan.ts';
import { ProfileError, type ReadOptions } from './profile.ts';
import { whyNot } from './v8-frames.ts';

export interface SnapshotFile {
  readonly nodeCount: number;
  readonly edgeCount: number;
  /** `object`, `native`, `closure`…, and for each node which of them it is. */
  readonly nodeTypes: readonly string[];
  readonly type: Uint8Array;
  /** For each node an index into the file's strings, of which `name` has those of objects. */
  readonly nameIndex: Uint32Array;
  readonly selfBytes: Float64Array;
  /** Where the edges of each node begin, and after the last one where they end. */
  readonly edgeStart: Uint32Array;
  /** The node that each edge leads to; an edge that keeps nothing alive (weak) leads to its own node. */
  readonly edgeTo: Uint32Array;
  readonly name: (index: number) => string;
}

const metaSchema = z.object({
  meta: z.object({
    node_fields: z.array(z.string()),
    node_types: z.tuple([z.array(z.string())]).rest(z.unknown()),
    edge_fields: z.array(z.string()),
    edge_types: z.tuple([z.array(z.string())]).rest(z.unknown()),
  }),
  node_count: z.number().int().nonnegative(),
  edge_count: z.number().int().nonnegative(),
});
type Meta = Readonly<z.infer<typeof metaSchema>>;

/** Only these are named by a string of the file; others go by their type. */
const namedTypes: ReadonlySet<string> = new Set(['object', 'native']);

/** @throws ProfileError that names the field; the signal's reason */
export function readSnapshotFile(bytes: Uint8Array, options: ReadOptions): SnapshotFile {
  const scanner = new JsonScanner(bytes, options);
  let field = 'snapshot';
  try {
    let meta: Meta | undefined;
    let nodes: Nodes | undefined;
    let edges: Edges | undefined;
    let stringsAt: number | undefined;
    for (const key of scanner.keys()) {
      field = key;
      if (key === 'snapshot') meta = readMeta(scanner.value(), bytes.length);
      else if (key === 'nodes') nodes = readNodes(scanner, meta ?? missing('snapshot'));
      else if (key === 'edges')
        edges = readEdges(scanner, meta ?? missing('snapshot'), nodes ?? missing('nodes'));
      else {
        if (key === 'strings') stringsAt = scanner.position;
        scanner.value();
      }
    }
    const { meta: form, node_count: nodeCount, edge_count: edgeCount } = meta ?? missing('snapshot');
    const columns = nodes ?? missing('nodes');
    const { to } = edges ?? missing('edges');
    field = 'strings';
    const strings = readNames(
      new JsonScanner(bytes, options, stringsAt ?? missing('strings')),
      form,
      columns,
    );
    const name = (index: number): string => strings.get(index) ?? '';
    return { nodeCount, edgeCount, nodeTypes: form.node_types[0], ...columns, edgeTo: to, name };
  } catch (error) {
    if (!(error instanceof ScanError)) throw error;
    throw new ProfileError(
      'heapsnapshot',
      field,
      `This .heapsnapshot of V8 is not whole: in ${field}, at byte ${error.position} of ${bytes.length}, ${error.message}.`,
    );
  }
}

type Nodes = Pick<SnapshotFile, 'type' | 'nameIndex' | 'selfBytes' | 'edgeStart'>;
interface Edges {
  readonly to: Uint32Array;
}

function readMeta(bytes: Uint8Array, fileBytes: number): Meta {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    wrong('snapshot', 'it is no JSON');
  }
  const result = metaSchema.safeParse(parsed);
  if (!result.success) {
    const { field, sentence } = whyNot(result.error);
    return wrong(`snapshot.${field}`, sentence);
  }
  const { meta, node_count: nodes, edge_count: edges } = result.data;
  // Each number takes two bytes at least: what cannot be true is not made room for.
  const room = `in a file of ${fileBytes} bytes; it has been cut off`;
  if (nodes * meta.node_fields.length * 2 > fileBytes)
    wrong('snapshot.node_count', `${nodes} have no room ${room}`);
  if (edges * meta.edge_fields.length * 2 > fileBytes)
    wrong('snapshot.edge_count', `${edges} have no room ${room}`);
  return result.data;
}

function readNodes(scanner: JsonScanner, { meta, node_count: count, edge_count: edges }: Meta): Nodes {
  const fields = meta.node_fields;
  const [type, nameIndex, selfBytes, edgeStart] = [
    new Uint8Array(count),
    new Uint32Array(count),
    new Float64Array(count),
    new Uint32Array(count + 1),
  ];
  const at = {
    type: place(fields, 'type', 'node_fields'),
    name: place(fields, 'name', 'node_fields'),
    size: place(fields, 'self_size', 'node_fields'),
    edges: place(fields, 'edge_count', 'node_fields'),
  };
  let [node, column] = [0, 0];
  const numbers = scanner.numbers((value) => {
    if (column === at.type) type[node] = value;
    else if (column === at.name) nameIndex[node] = value;
    else if (column === at.size) selfBytes[node] = value;
    else if (column === at.edges) {
      if (value > edges) wrong('nodes', `a node has ${value} of ${edges} edges`);
      edgeStart[node + 1] = value;
    }
    column += 1;
    if (column < fields.length) return;
    column = 0;
    node += 1;
  });
  if (numbers !== count * fields.length) wrong('nodes', `there are ${numbers} numbers for ${count} nodes`);
  for (let node = 0; node < count; node += 1) {
    edgeStart[node + 1] = (edgeStart[node + 1] ?? 0) + (edgeStart[node] ?? 0);
  }
  return { type, nameIndex, selfBytes, edgeStart };
}

function readEdges(
  scanner: JsonScanner,
  { meta, edge_count: count, node_count: nodes }: Meta,
  of: Nodes,
): Edges {
  const fields = meta.edge_fields;
  const width = meta.node_fields.length;
  const weak = meta.edge_types[0].indexOf('weak');
  const at = {
    type: place(fields, 'type', 'edge_fields'),
    to: place(fields, 'to_node', 'edge_fields'),
  };
  const owned = of.edgeStart[nodes] ?? 0;
  if (owned !== count) wrong('edges', `nodes have ${owned} of ${count} edges`);
  const to = new Uint32Array(count);
  let [edge, column, owner, isWeak] = [0, 0, 0, false];
  const numbers = scanner.numbers((value) => {
    if (column === at.type) isWeak = value === weak;
    else if (column === at.to) {
      const target = value / width;
      if (target >= nodes || target !== Math.floor(target)) wrong('edges', `there is no node at ${value}`);
      while (edge >= (of.edgeStart[owner + 1] ?? Infinity)) owner += 1;
      to[edge] = isWeak ? owner : target;
    }
    column += 1;
    if (column < fields.length) return;
    column = 0;
    edge += 1;
  });
  if (numbers !== count * fields.length) wrong('edges', `there are ${numbers} numbers for ${count} edges`);
  return { to };
}

function readNames(scanner: JsonScanner, meta: Meta['meta'], nodes: Nodes): ReadonlyMap<number, string> {
  const isNamed = meta.node_types[0].map((type) => namedTypes.has(type));
  const wanted = new Set<number>();
  for (const [node, type] of nodes.type.entries()) if (isNamed[type]) wanted.add(nodes.nameIndex[node] ?? 0);
  const names = new Map<number, string>();
  const count = scanner.strings(
    (index) => wanted.has(index),
    (value, index) => names.set(index, value),
  );
  if (names.size < wanted.size) wrong('strings', `nodes name more strings than the ${count} that there are`);
  return names;
}

/** @throws ProfileError */
function place(fields: readonly string[], name: string, list: string): number {
  const index = fields.indexOf(name);
  return index < 0 ? wrong(`snapshot.meta.${list}`, `there is no ${name}`) : index;
}

function missing(field: string): never {
  return wrong(field, 'it is missing, or comes too late');
}

function wrong(field: string, what: string): never {
  throw new ProfileError('heapsnapshot', field, `This .heapsnapshot of V8 is not whole: ${field}: ${what}.`);
}
