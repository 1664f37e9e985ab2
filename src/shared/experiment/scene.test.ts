import { describe, expect, it } from 'vitest';
import { GiB, MiB } from '#shared/units.ts';
import { maxSamples, type Run } from './outcome.ts';
import { standardPlan } from './plan.ts';
import { drawExperiment, inks, type Scene } from './scene.ts';
import { svgThemes, toSvg } from './svg.ts';

const machine = {
  processor: 'AMD <EPYC> & "co"',
  cores: 2,
  memoryBytes: 8 * GiB,
  platform: 'linux',
  node: '24',
};

const run: Run = {
  variant: 'unbounded',
  ending: 'ceiling',
  elapsedMs: 1400,
  idleBytes: 60 * MiB,
  peakRssBytes: 1040 * MiB,
  peakBodyBytes: 1000 * MiB,
  cpuMs: 900,
  samples: [
    [0, 60 * MiB, 0],
    [700, 600 * MiB, 500 * MiB],
    [1400, 1040 * MiB, 1000 * MiB],
  ],
  readers: [{ bytesPerSecond: MiB, bytes: 1000, state: 'reading' }],
};
const windowed: Run = {
  ...run,
  variant: 'windowed',
  ending: 'finished',
  elapsedMs: 21_000,
  peakRssBytes: 600 * MiB,
};
const sluice: Run = { ...windowed, variant: 'sluice', peakRssBytes: 240 * MiB };

function textsOf({ shapes }: Scene): readonly string[] {
  return shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.text] : []));
}

describe('the picture of an experiment', () => {
  it('has the formula of each fetcher before anything has run', () => {
    const texts = textsOf(drawExperiment({ plan: standardPlan, runs: [], machine }));
    expect(texts).toEqual(
      expect.arrayContaining(['= 256 MiB × 8 = 2 GiB', '= 2 × 8 × 4 MiB × 8 = 512 MiB', '= 128 MiB']),
    );
    expect(texts).toContain('beyond the scale');
  });

  it('says what each came to, in words and in a label', () => {
    const scene = drawExperiment({ plan: standardPlan, runs: [run, windowed, sluice], machine });
    expect(textsOf(scene)).toContain('0 of 1 finished; ended at its ceiling after 1.4 s');
    expect(scene.label).toContain(
      'Unbounded fetcher: at most 1.02 GiB resident, ended at its ceiling of 1 GiB after 1.4 s.',
    );
    expect(scene.label).toContain('Sluice: at most 240 MiB resident, every reader finished, in 21.0 s.');
  });

  it('stays within its frame, whatever the figures', () => {
    const runs = [
      run,
      {
        ...windowed,
        peakRssBytes: 40 * GiB,
        samples: [
          [0, 0, 0],
          [21_000, 40 * GiB, 1],
        ],
      } satisfies Run,
    ];
    const { shapes, width, height } = drawExperiment({ plan: standardPlan, runs, machine });
    const numbers = shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.x] : absolutes(shape.d)));
    expect(Math.max(...numbers)).toBeLessThanOrEqual(width);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.y] : [])))).toBeLessThan(
      height,
    );
  });

  it('is a file with all colours in it and nothing of the texts taken for markup', () => {
    const scene = drawExperiment({ plan: standardPlan, runs: [run, windowed, sluice], machine });
    for (const theme of ['light', 'dark'] as const) {
      const svg = toSvg(scene, svgThemes[theme]);
      expect(svg).toContain('AMD &lt;EPYC&gt; &amp; &quot;co&quot;');
      expect(svg).not.toMatch(/undefined|NaN|var\(/);
      expect(svg.match(/<text /g)?.length).toBe(textsOf(scene).length);
      expect(Object.keys(svgThemes[theme])).toEqual([...inks]);
    }
    expect(toSvg(scene, svgThemes.light)).not.toBe(toSvg(scene, svgThemes.dark));
  });

  it('has as many points as there are samples at most', () => {
    const samples = Array.from({ length: maxSamples }, (_, index) => [index, MiB, MiB] as const);
    const scene = drawExperiment({ plan: standardPlan, runs: [{ ...run, samples }], machine });
    expect(toSvg(scene, svgThemes.light).length).toBeLessThan(64_000);
  });
});

/** The numbers after M and L: places, not distances. */
function absolutes(path: string): readonly number[] {
  return [...path.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].flatMap(([, x, y]) => [Number(x), Number(y)]);
}
