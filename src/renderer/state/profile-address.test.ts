import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  labelsText,
  parseLabels,
  parseProfile,
  parseZoom,
  profileText,
  zoomText,
} from './profile-address.ts';
import { parsePlace, placeHash } from './place.ts';

/** What a whole address does to a parameter. */
const throughAddress = (text: string | undefined): string | undefined =>
  parsePlace(placeHash('heap', 'profiles', text === undefined ? {} : { it: text })).params['it'];

const text = fc.string({ unit: 'grapheme', maxLength: 20 });

describe('the address of a profile', () => {
  it('gives back what was put in: a profile, labels, the way to a call', () => {
    fc.assert(
      fc.property(
        text,
        fc.uint8Array({ minLength: 8, maxLength: 8 }),
        fc.array(fc.tuple(text, text), { maxLength: 4 }),
        fc.array(
          fc.nat(0xffffffff).map((hash) => hash.toString(36)),
          { maxLength: 8 },
        ),
        (name, id, labels, zoom) => {
          const profile = { name, id: [...id].map((byte) => byte.toString(16).padStart(2, '0')).join('') };
          expect(parseProfile(throughAddress(profileText(profile)))).toEqual(profile);
          expect(parseLabels(throughAddress(labelsText(labels)))).toEqual(labels);
          expect(parseZoom(throughAddress(zoomText(zoom)))).toEqual(zoom);
        },
      ),
    );
  });

  it('is none for what is none', () => {
    expect(['incident.pb.gz', '~12', 'a~00112233445566zz', undefined].map(parseProfile)).toEqual(
      Array.from({ length: 4 }),
    );
    expect(parseZoom('UPPER.ok.toolonghash1')).toEqual(['ok']);
    expect([labelsText([]), zoomText([])]).toEqual([undefined, undefined]);
  });
});
