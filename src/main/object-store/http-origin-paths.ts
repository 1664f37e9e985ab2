/**
 * Where the objects of an HTTP origin are. Their keys in the store are the paths of the dialect that Sluice and
 * cachew speak; any other server is plain, and has its objects right below the base:
 *
 *   key                                      dialect          plain
 *   api/v1/object/{namespace}/{name}         {base}/{key}     {base}/{namespace}/{name}
 *   git/{host}/{path…}/snapshot.tar.zst      {base}/{key}     {base}/{key}
 *
 * A name is one segment of a key, percent-encoded. On a plain server the slashes in it are folders.
 */
import { SluiceError } from '#shared/errors.ts';
import { MiB } from '#shared/units.ts';
import { unexpected } from './http-origin-client.ts';
import type { OriginClient } from './http-origin-client.ts';
import type { Answer } from './transport/answer-reader.ts';
import type { Watched } from './watchdog.ts';

export type OriginKind = 'dialect' | 'plain';

/** An origin as it described itself. */
export interface OriginFacts {
  readonly kind: OriginKind;
  /** Those that the origin tells; a plain one tells none. */
  readonly namespaces: readonly string[];
}

const objectKey = /^api\/v1\/object\/(?<namespace>[a-zA-Z0-9][a-zA-Z0-9_-]*)\/(?<name>[^/?#]+)$/;
const snapshotKey = /^git\/[^?#]+\/snapshot\.tar\.zst$/;
const maxNamespacesBytes = MiB;

/** The address of the object named `key` below `base`, which has no slash at its end. @throws SluiceError INVALID_INPUT */
export function originUrl(base: string, key: string, kind: OriginKind): URL {
  const { namespace, name } = objectKey.exec(key)?.groups ?? {};
  if (namespace !== undefined && name !== undefined && kind === 'plain') {
    return new URL(`${base}/${namespace}/${plainPath(decodeURIComponent(name))}`);
  }
  const isRelative = key.split('/').some((segment) => /^(\.|%2e){1,2}$/i.test(segment));
  if (isRelative || (name === undefined && !snapshotKey.test(key))) {
    throw new SluiceError('INVALID_INPUT', `key ${JSON.stringify(key)}: allowed is the path of an object`);
  }
  return new URL(`${base}/${key}`);
}

function plainPath(name: string): string {
  const segments = name.split('/');
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) {
    throw new SluiceError(
      'INVALID_INPUT',
      `key ${JSON.stringify(name)}: allowed is a path without empty, . and .. segments`,
    );
  }
  return segments.map(encodeURIComponent).join('/');
}

/**
 * Asks the origin for its namespaces: the dialect answers with JSON, or refuses under a foreign host name in words
 * of its own. Any other answer is that of a plain server.
 * @throws SluiceError STORE_UNAVAILABLE, STORE_STALLED, STORE_REFUSED, ABORTED
 */
export function probe(client: OriginClient, base: string, signal: AbortSignal): Promise<OriginFacts> {
  const url = new URL(`${base}/api/v1/namespaces`);
  const use = async (answer: Answer, watch: Watched): Promise<OriginFacts> => {
    const { status } = answer.head;
    if (status === 401 || status === 407 || status === 429 || status >= 500 || redirectsAll(answer, url))
      throw unexpected(answer, url);
    const said: unknown = status === 200 || status === 403 ? await jsonOf(answer, watch) : undefined;
    if (status === 200 && said !== undefined) return { kind: 'dialect', namespaces: namesIn(said) };
    const isRefusal =
      typeof said === 'object' && said !== null && 'error' in said && said.error === 'FORBIDDEN';
    return { kind: isRefusal ? 'dialect' : 'plain', namespaces: [] };
  };
  return client.request({ method: 'GET', url }, use, signal);
}

/** Whether the same path is elsewhere: then everything is, as where http leads to https. */
function redirectsAll({ head }: Answer, url: URL): boolean {
  const { location } = head.headers;
  if (head.status < 300 || head.status > 399 || location === undefined || !URL.canParse(location, url.href))
    return false;
  return new URL(location, url).pathname === url.pathname;
}

/** The JSON of an answer that says it is JSON; `undefined` of any other. */
async function jsonOf({ head, body }: Answer, watch: Watched): Promise<unknown> {
  if (!/^application\/json\b/i.test(head.headers['content-type'] ?? '')) return undefined;
  let text = '';
  for await (const piece of body.setEncoding('utf8') as AsyncIterable<string>) {
    text += piece;
    watch.alive();
    if (text.length > maxNamespacesBytes) return undefined;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // A plain server may call anything JSON.
  }
}

function namesIn(said: unknown): readonly string[] {
  return Array.isArray(said)
    ? said.filter((name): name is string => typeof name === 'string').toSorted()
    : [];
}
