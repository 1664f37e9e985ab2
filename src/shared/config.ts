/**
 * Every setting once: its flag, environment variable, default, help and rule. The command line, the configuration
 * file, the environment and the console follow this table, so that they cannot drift apart. Rules that span
 * settings live in memory-plan.ts.
 */
import { z } from 'zod';
import { allowedRules, type RepositoryRule } from './repository-rules.ts';
import {
  bytes,
  duration,
  flag,
  hostName,
  httpUrl,
  listOf,
  rules,
  storeUrl,
  urlPath,
  whole,
} from './setting-values.ts';
import { GiB, KiB, MiB } from './units.ts';

/** Whether a `store` is an HTTP origin, which is read-only. */
export function isHttpOrigin(store: string): boolean {
  return /^https?:\/\//.test(store);
}

/** Whether only this machine can reach a server that listens there. */
export function isLoopback(host: string): boolean {
  return /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1|localhost)$/i.test(host.replace(/^\[(.*)\]$/, '$1'));
}
/** The parts of the settings form, in its order. */
export const settingGroups = ['server', 'memory', 'store', 'caches', 'repositories', 'recordings'] as const;
export type SettingGroup = (typeof settingGroups)[number];

export interface Setting {
  /** What the form calls it. */
  readonly label: string;
  readonly group: SettingGroup;
  readonly flag: string;
  readonly argument?: string;
  readonly env: string;
  readonly help: string;
  /** What is allowed, in words: the end of the error line for bad input. */
  readonly allowed: string;
  readonly schema: z.ZodType;
  readonly fallback?: unknown;
  /** `now`: a change in the console is in force at once. Else the server has to be started again. */
  readonly applies?: 'now';
}

export const settings = {
  host: {
    label: 'Address',
    group: 'server',
    flag: 'host',
    argument: 'ADDRESS',
    env: 'SLUICE_HOST',
    help: 'address to listen on',
    allowed: 'an IP address or host name',
    schema: z.string().regex(/^[A-Za-z0-9:][A-Za-z0-9.:_-]*$/),
    fallback: '127.0.0.1',
  },
  port: {
    label: 'Port',
    group: 'server',
    flag: 'port',
    argument: 'PORT',
    env: 'SLUICE_PORT',
    help: 'port to listen on; 0 picks a free one',
    allowed: 'a whole number from 0 to 65535',
    schema: whole(0, 65535),
    fallback: 7420,
  },
  requireToken: {
    label: 'Require a token',
    group: 'server',
    flag: 'require-token',
    env: 'SLUICE_REQUIRE_TOKEN',
    help: 'let nobody use the console and the API without a token (default: when other machines can reach it)',
    allowed: 'true or false',
    schema: flag,
  },
  publicUrl: {
    label: 'Public address',
    group: 'server',
    flag: 'public-url',
    argument: 'URL',
    env: 'SLUICE_PUBLIC_URL',
    help: 'address that browsers have for this server, when a proxy is in front of it',
    allowed: 'an http:// or https:// URL without query, like https://host/tools/sluice',
    schema: httpUrl.regex(/^https?:\/\/[^/?#@]+(\/[A-Za-z0-9._~-]+)*\/?$/),
  },
  basePath: {
    label: 'Base path',
    group: 'server',
    flag: 'base-path',
    argument: 'PATH',
    env: 'SLUICE_BASE_PATH',
    help: 'path that a proxy has this server at (default: that of --public-url)',
    allowed: 'a path like /tools/sluice',
    schema: urlPath,
  },
  allowHosts: {
    label: 'Allowed host names',
    group: 'server',
    flag: 'allow-host',
    argument: 'NAME',
    env: 'SLUICE_ALLOW_HOSTS',
    help: 'a host name that browsers may have for this server, beside localhost and IP addresses; may be repeated',
    allowed: 'a host name without port, like sluice.example',
    schema: listOf(hostName),
    fallback: [],
  },
  trustedProxies: {
    label: 'Trusted proxies',
    group: 'server',
    flag: 'trusted-proxy',
    argument: 'ADDRESS',
    env: 'SLUICE_TRUSTED_PROXIES',
    help: 'a proxy whose X-Forwarded- fields are believed: an IP address or CIDR; may be repeated (default: this machine)',
    allowed: 'an IP address or CIDR, like 10.0.0.0/8',
    schema: listOf(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])),
    fallback: ['127.0.0.0/8', '::1'],
  },
  dataDir: {
    label: 'Data folder',
    group: 'server',
    flag: 'data-dir',
    argument: 'DIR',
    env: 'SLUICE_DATA_DIR',
    help: "folder for the disk cache and Sluice's own files (default: the platform's data folder)",
    allowed: 'a folder that can be written',
    schema: z.string().min(1),
  },
  store: {
    label: 'Store',
    group: 'store',
    flag: 'store',
    argument: 'STORE',
    env: 'SLUICE_STORE',
    help: 'where objects live: embedded (in memory, for trying out), file:///DIR, s3://BUCKET[/PREFIX] or, read-only, http[s]://HOST[:PORT][/BASE]',
    allowed:
      'embedded, file:///DIR, s3://BUCKET[/PREFIX] or http[s]://HOST[:PORT][/BASE] without user and password',
    schema: storeUrl,
    fallback: 'embedded',
  },
  s3Endpoint: {
    label: 'S3 endpoint',
    group: 'store',
    flag: 's3-endpoint',
    argument: 'URL',
    env: 'SLUICE_S3_ENDPOINT',
    help: 'S3 endpoint when it is not AWS',
    allowed: 'an http:// or https:// URL',
    schema: httpUrl,
  },
  s3Region: {
    label: 'S3 region',
    group: 'store',
    flag: 's3-region',
    argument: 'REGION',
    env: 'SLUICE_S3_REGION',
    help: "S3 region (default: the AWS SDK's own chain, then us-east-1)",
    allowed: 'a region name like eu-central-1',
    schema: z.string().regex(/^[a-z0-9-]+$/),
  },
  s3PathStyle: {
    label: 'Bucket in the path',
    group: 'store',
    flag: 's3-path-style',
    env: 'SLUICE_S3_PATH_STYLE',
    help: 'put the bucket in the path instead of the host name',
    allowed: 'true or false',
    schema: flag,
    fallback: false,
  },
  memoryBudgetBytes: {
    label: 'Memory budget',
    group: 'memory',
    flag: 'memory-budget',
    argument: 'SIZE',
    env: 'SLUICE_MEMORY_BUDGET',
    help: 'bytes that all bodies together may hold in memory, caches and uploads included (default: a quarter of the memory that this process may use, from 64MiB to 512MiB)',
    allowed: 'a size from 32MiB to 64GiB, like 256MiB',
    schema: bytes(32 * MiB, 64 * GiB),
  },
  chunkBytes: {
    label: 'Chunk size',
    group: 'memory',
    flag: 'chunk-size',
    argument: 'SIZE',
    env: 'SLUICE_CHUNK_SIZE',
    help: 'unit of fetching and caching',
    allowed: 'a size from 256KiB to 64MiB in whole 64KiB steps, like 8MiB',
    schema: bytes(256 * KiB, 64 * MiB).refine((size) => size % (64 * KiB) === 0),
    fallback: 8 * MiB,
  },
  window: {
    label: 'Window',
    group: 'memory',
    flag: 'window',
    argument: 'CHUNKS',
    env: 'SLUICE_WINDOW',
    help: 'chunks of one transfer that may exist undelivered',
    allowed: 'a whole number from 1 to 64',
    schema: whole(1, 64),
    fallback: 8,
    applies: 'now',
  },
  maxConnections: {
    label: 'Connections to the store',
    group: 'store',
    flag: 'max-connections',
    argument: 'COUNT',
    env: 'SLUICE_MAX_CONNECTIONS',
    help: 'requests to the store at a time, at most; below that, concurrency adapts to what the store can give',
    allowed: 'a whole number from 2 to 256',
    schema: whole(2, 256),
    fallback: 64,
  },
  memoryCacheBytes: {
    label: 'Memory cache',
    group: 'caches',
    flag: 'memory-cache',
    argument: 'SIZE',
    env: 'SLUICE_MEMORY_CACHE',
    help: 'bytes of the memory budget that may stay filled with chunks nobody reads; 0 turns the memory cache off (default: whatever of the budget is not needed otherwise)',
    allowed: 'a size from 0 to 64GiB, like 64MiB',
    schema: bytes(0, 64 * GiB),
  },
  diskCacheBytes: {
    label: 'Disk cache',
    group: 'caches',
    flag: 'disk-cache',
    argument: 'SIZE',
    env: 'SLUICE_DISK_CACHE',
    help: 'bytes of disk for cached chunks; 0 turns it off',
    allowed: 'a size from 0 to 64TiB, like 10GiB',
    schema: bytes(0, 64 * 1024 * GiB),
    fallback: 10 * GiB,
  },
  repositories: {
    label: 'Allowed repositories',
    group: 'repositories',
    flag: 'repository',
    argument: 'RULE',
    env: 'SLUICE_REPOSITORIES',
    help: 'a repository to mirror and make snapshots of, or a pattern of those that may be: https://HOST/PATH or https://HOST/OWNER/*, each with =URL if it is fetched from elsewhere; may be repeated (default: none but the demo)',
    allowed: allowedRules,
    schema: rules,
    fallback: [],
  },
  upstreamTokenFile: {
    label: 'Upstream tokens',
    group: 'repositories',
    flag: 'upstream-token-file',
    argument: 'FILE',
    env: 'SLUICE_UPSTREAM_TOKEN_FILE',
    help: "file with a line HOST TOKEN for each upstream that wants one (default: git's own credential helpers)",
    allowed: 'a file that can be read, with lines HOST TOKEN',
    schema: z.string().min(1),
  },
  fetchIntervalMs: {
    label: 'Fetch interval',
    group: 'repositories',
    flag: 'fetch-interval',
    argument: 'TIME',
    env: 'SLUICE_FETCH_INTERVAL',
    help: 'how often mirrors ask their upstream; 0: only when somebody needs it',
    allowed: 'a time from 10s to 7d, like 15m, or 0',
    schema: duration(10_000, 7 * 24 * 3_600_000),
    fallback: 15 * 60_000,
  },
  snapshotIntervalMs: {
    label: 'Snapshot interval',
    group: 'repositories',
    flag: 'snapshot-interval',
    argument: 'TIME',
    env: 'SLUICE_SNAPSHOT_INTERVAL',
    help: 'how often snapshots are renewed when HEAD has moved; 0: only when somebody asks',
    allowed: 'a time from 1m to 30d, like 1h, or 0',
    schema: duration(60_000, 30 * 24 * 3_600_000),
    fallback: 3_600_000,
  },
  recordMinutes: {
    label: 'Rolling recording',
    group: 'recordings',
    flag: 'record-minutes',
    argument: 'MINUTES',
    env: 'SLUICE_RECORD_MINUTES',
    help: 'how far back the recording goes that is kept all the time; 0 turns it off',
    allowed: 'a whole number from 0 to 1440',
    schema: whole(0, 1440),
    fallback: 15,
  },
  recordBytes: {
    label: 'Size of the rolling recording',
    group: 'recordings',
    flag: 'record-size',
    argument: 'SIZE',
    env: 'SLUICE_RECORD_SIZE',
    help: 'bytes of disk for the recording that is kept all the time; 0 turns it off',
    allowed: 'a size from 8MiB to 64GiB, like 64MiB, or 0',
    schema: bytes(0, 64 * GiB).refine((size) => size === 0 || size >= 8 * MiB),
    fallback: 64 * MiB,
  },
  savedRecordingsBytes: {
    label: 'Saved recordings',
    group: 'recordings',
    flag: 'saved-recordings',
    argument: 'SIZE',
    env: 'SLUICE_SAVED_RECORDINGS',
    help: 'bytes of disk for recordings that somebody or an alert has saved; more are refused',
    allowed: 'a size from 0 to 1TiB, like 1GiB',
    schema: bytes(0, 1024 * GiB),
    fallback: GiB,
  },
  alertWebhook: {
    label: 'Webhook for alerts',
    group: 'recordings',
    flag: 'alert-webhook',
    argument: 'URL',
    env: 'SLUICE_ALERT_WEBHOOK',
    help: 'where alerts are sent as JSON by POST; redirects are not followed',
    allowed: 'an http:// or https:// URL without user and password',
    schema: httpUrl.regex(/^https?:\/\/[^/?#@]+([/?][^#]*)?$/),
  },
  alertWebhookSecretFile: {
    label: 'Secret of the webhook',
    group: 'recordings',
    flag: 'alert-webhook-secret-file',
    argument: 'FILE',
    env: 'SLUICE_ALERT_WEBHOOK_SECRET_FILE',
    help: 'file with the secret that signs what the webhook is sent (HMAC-SHA256)',
    allowed: 'a file that can be read',
    schema: z.string().min(1),
  },
  demo: {
    label: 'Demo snapshot',
    group: 'server',
    flag: 'no-demo',
    env: 'SLUICE_DEMO',
    help: 'do not publish the demo snapshot',
    allowed: 'true or false',
    schema: flag,
    fallback: true,
  },
  tray: {
    label: 'Keep in the tray',
    group: 'server',
    flag: 'tray',
    env: 'SLUICE_TRAY',
    help: 'desktop: an icon in the system tray, and serving goes on when the window is closed',
    allowed: 'true or false',
    schema: flag,
    fallback: false,
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;

/** Where the value of a setting came from, the weakest first. `saved`: in the console, kept in the data folder. */
export const provenances = ['default', 'saved', 'file', 'environment', 'flag'] as const;
export type Provenance = (typeof provenances)[number];

/** The effective settings of one server. Sizes are bytes. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly requireToken: boolean;
  readonly publicUrl?: string | undefined;
  /** `/tools/sluice`; empty for the root. */
  readonly basePath: string;
  readonly allowHosts: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly dataDir: string;
  readonly store: string;
  readonly s3Endpoint?: string | undefined;
  readonly s3Region?: string | undefined;
  readonly s3PathStyle: boolean;
  readonly memoryBudgetBytes: number;
  readonly chunkBytes: number;
  readonly window: number;
  readonly maxConnections: number;
  readonly memoryCacheBytes: number;
  readonly diskCacheBytes: number;
  readonly repositories: readonly RepositoryRule[];
  readonly upstreamTokenFile?: string | undefined;
  readonly fetchIntervalMs: number;
  readonly snapshotIntervalMs: number;
  /** 0: nothing is recorded all the time. */
  readonly recordMinutes: number;
  readonly recordBytes: number;
  readonly savedRecordingsBytes: number;
  readonly alertWebhook?: string | undefined;
  readonly alertWebhookSecretFile?: string | undefined;
  readonly demo: boolean;
  /** On the desktop only. */
  readonly tray: boolean;
}
