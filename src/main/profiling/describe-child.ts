/** The process of describeProfile: reads one file, says what is in it, and ends. */
import { readFile } from 'node:fs/promises';
import { callout } from '#shared/profile/callout.ts';
import { messageOf } from '#shared/errors.ts';
import { type Profile, ProfileError, sampleCount } from '#shared/profile/profile.ts';
import { readProfile } from '#shared/profile/read.ts';
import type { SnapshotSummary } from '#shared/profile/snapshot.ts';
import { formatBytes, formatCount } from '#shared/units.ts';
import type { DescribeAnswer } from './describe.ts';

const [, , path = '', name = ''] = process.argv;

process.send?.(await described(), () => process.disconnect());

async function described(): Promise<DescribeAnswer> {
  try {
    const opened = await readProfile(await readFile(path), name);
    return opened.kind === 'snapshot'
      ? { format: 'heapsnapshot', sentence: snapshotWords(opened.snapshot) }
      : { format: opened.profile.format, sentence: profileWords(opened.profile) };
  } catch (error) {
    const isBad = error instanceof ProfileError;
    return { refusal: isBad ? error.message : `it cannot be read (${messageOf(error)})` };
  }
}

/** What stays is what a heap's growth is about, whichever type the file puts first. */
function profileWords(profile: Profile): string {
  const inUse = profile.sampleTypes.findIndex(({ type }) => type === 'inuse_space');
  const said = callout(profile, inUse < 0 ? profile.defaultType : inUse);
  return said
    ? `${said.sentence}.`
    : `It has ${formatCount(sampleCount(profile))} samples, and none of them counts.`;
}

function snapshotWords({ constructors }: SnapshotSummary): string {
  const [most] = constructors.toSorted((a, b) => b.selfBytes - a.selfBytes);
  return most
    ? `${formatCount(most.count)} × ${most.name} have ${formatBytes(most.selfBytes)} themselves, and retain ${formatBytes(most.retainedBytes)}.`
    : 'It has no objects.';
}
