/** What is known of a mirror when the server starts again, in a small file beside it. */
import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const bundleSchema = z.object({
  base: z.string(),
  head: z.string(),
  bytes: z.number().int().nonnegative(),
  madeAt: z.number(),
});

const recordSchema = z.object({
  upstream: z.string(),
  head: z.object({ commit: z.string(), branch: z.string().optional() }).optional(),
  fetchedAt: z.number().optional(),
  bytes: z.number().int().nonnegative().optional(),
  /** Those that this server has made, so that they can be removed with the rest. */
  bundles: z.array(bundleSchema).default([]),
});

export type MirrorRecord = Readonly<z.infer<typeof recordSchema>>;
export type BundleRecord = Readonly<z.infer<typeof bundleSchema>>;

const fileName = 'mirror.json';

/** The record in a mirror's folder; `undefined` when there is none, or none that can be read. */
export async function readMirrorRecord(folder: string): Promise<MirrorRecord | undefined> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(join(folder, fileName), 'utf8')));
  } catch {
    return undefined;
  }
}

/** @throws the system's error */
export async function writeMirrorRecord(folder: string, record: MirrorRecord): Promise<void> {
  const incoming = join(folder, `${fileName}.${randomUUID()}`);
  await writeFile(incoming, JSON.stringify(record));
  await rename(incoming, join(folder, fileName));
}
