/**
 * How many bodies to ask for at a time: as many as still make a difference. More than that only adds to queues at the
 * store, and some stores answer with collapse.
 *
 * Goodput is measured tick by tick, while somebody waits for a permit; otherwise it is the demand that is measured.
 * The level doubles while that pays (slow start). From then on it is steady and probes: a level an eighth above is
 * kept if it brings more than noise could, one below if it costs nothing; a probe that fails is taken back, and the
 * next waits.
 *
 * When the store asks us to slow down, or goodput collapses, the level is cut. After a rest it returns to the last one
 * that had proved itself, so that a failed probe costs little, and may not reach the one that failed for a minute; for
 * two if it then fails again, and so on. Until then probes halve the distance.
 */
import type { ConnectionLimits } from './tuning.ts';

const slowStartGain = 1.25;
/** Demanding 5 % left a link shared by few connections at 0.94 of its best in simulation; 3 % gets to 0.96. */
const upGain = 1.03;
const downLoss = 0.985;
const probeTicks = 3;
/** Before a probe upward, and before one downward, which costs goodput. */
const upHoldMs = 5000;
const downHoldMs = 10_000;
/** A tick this bad ends a probe. */
const probeFloor = 0.95;
const collapseShare = 0.4;
const collapseTicks = 2;
const collapseRestMs = 2000;
const throttleShare = 0.7;
/** How long the store is left in peace when it has asked for it, at least. */
export const throttleRestMs = 10_000;
/** Answers to requests that were out when the level was cut say nothing about the new one. */
const oneCutMs = 1000;
/** After a cut nothing is probed for so long, if the level that failed is near. */
const cutHoldMs = 30_000;
const nearShare = 1.25;
const leastCeilingMs = 60_000;
const mostCeilingMs = 8 * leastCeilingMs;
/** No level has failed. */
const nothingFailed = { level: Number.POSITIVE_INFINITY, untilMs: 0, forMs: leastCeilingMs / 2 };
/** What was measured before a pause of this length says nothing any more. */
const forgetMs = 10_000;
const smoothing = 0.3;

export interface ConcurrencySample {
  readonly nowMs: number;
  /** How long the tick was. */
  readonly elapsedMs: number;
  /** What arrived in it. */
  readonly bytes: number;
  readonly failures: number;
  /** `demand`: there were permits to spare. `level`: somebody waited for one all the time. */
  readonly boundBy: 'demand' | 'level';
}

export type ConcurrencyPhase = 'slow start' | 'steady' | 'up' | 'down' | 'resting';

export interface ConcurrencyReading {
  readonly limit: number;
  readonly phase: ConcurrencyPhase;
  /** The most that is tried at present. */
  readonly ceiling: number;
  /** The goodput that each level had when it was measured last, in bytes per second. */
  readonly bytesPerSecond: ReadonlyMap<number, number>;
}

export class Concurrency {
  readonly #bounds: ConnectionLimits;
  /** Goodput in bytes per millisecond by level. */
  readonly #goodput = new Map<number, number>();
  #limit: number;
  #phase: ConcurrencyPhase = 'slow start';
  /** The level that has proved itself; equal to the limit unless something is being tried or the store rests. */
  #base: number;
  #baseGoodput: number | undefined;
  #direction: 'up' | 'down' = 'up';
  #probe: number[] = [];
  #isSettling = false;
  #lowTicks = 0;
  #holdUntilMs = 0;
  #failed = nothingFailed;
  #lastCutMs = Number.NEGATIVE_INFINITY;
  #lastMeasuredMs = Number.NEGATIVE_INFINITY;

  constructor(bounds: ConnectionLimits) {
    this.#bounds = bounds;
    this.#limit = bounds.start;
    this.#base = bounds.start;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Until when the store is left in peace after a cut; 0 when it is not. */
  get restUntilMs(): number {
    return this.#phase === 'resting' ? this.#holdUntilMs : 0;
  }

  reading(nowMs: number): ConcurrencyReading {
    const bytesPerSecond = new Map([...this.#goodput].map(([level, goodput]) => [level, goodput * 1000]));
    return { limit: this.#limit, phase: this.#phase, ceiling: this.#ceiling(nowMs), bytesPerSecond };
  }

  /** A tick of about half a second has passed. Returns the limit. */
  tick(sample: ConcurrencySample): number {
    if (this.#bounds.min === this.#bounds.max) return this.#limit;
    if (this.#phase === 'resting') this.#endRest(sample.nowMs);
    else if (this.#isSettling) this.#isSettling = false;
    else if (sample.boundBy === 'demand') this.#abandon(sample.nowMs);
    else this.#measure(sample);
    return this.#limit;
  }

  /** The store asked us to slow down, and not to come back for so long. Returns the limit. */
  throttled(nowMs: number, retryAfterMs: number): number {
    if (this.#bounds.min === this.#bounds.max) return this.#limit;
    const restMs = Math.max(throttleRestMs, retryAfterMs);
    if (nowMs - this.#lastCutMs < oneCutMs) this.#holdUntilMs = Math.max(this.#holdUntilMs, nowMs + restMs);
    else this.#cut(Math.floor(this.#limit * throttleShare), nowMs, restMs);
    return this.#limit;
  }

  #measure(sample: ConcurrencySample): void {
    const { nowMs, bytes, failures } = sample;
    const goodput = bytes / sample.elapsedMs;
    if (nowMs - this.#lastMeasuredMs > forgetMs) this.#forget();
    this.#lastMeasuredMs = nowMs;
    if (this.#hasCollapsed(goodput)) this.#cut(Math.floor(this.#limit / 2), nowMs, collapseRestMs);
    else if (this.#lowTicks > 0) return;
    // Nothing yet and nothing wrong: latency is the bound, and more requests hide it.
    else if (bytes === 0 && failures === 0) this.#prove(this.#clamp(this.#limit + 1, nowMs), undefined);
    else this.#judge(goodput, nowMs);
  }

  #judge(goodput: number, nowMs: number): void {
    const before = this.#goodput.get(this.#limit) ?? goodput;
    this.#goodput.set(this.#limit, before + smoothing * (goodput - before));
    if (this.#phase === 'slow start') this.#slowStart(goodput, nowMs);
    else if (this.#phase === 'steady') this.#steady(goodput, nowMs);
    else this.#judgeProbe(goodput, nowMs);
  }

  #slowStart(goodput: number, nowMs: number): void {
    const isFirst = this.#limit === this.#base || this.#baseGoodput === undefined;
    if (isFirst || goodput >= slowStartGain * (this.#baseGoodput ?? 0)) {
      this.#prove(this.#limit, goodput);
      this.#try(this.#clamp(this.#limit * 2, nowMs));
      if (this.#limit === this.#base) this.#phase = 'steady';
    } else {
      this.#return('steady');
    }
  }

  #steady(goodput: number, nowMs: number): void {
    this.#baseGoodput ??= goodput;
    this.#baseGoodput += smoothing * (goodput - this.#baseGoodput);
    if (nowMs < this.#holdUntilMs) return;
    const level = this.#clamp(this.#base + this.#step(nowMs), nowMs);
    if (level === this.#base) return this.#turn(nowMs);
    this.#phase = this.#direction;
    this.#probe = [];
    this.#try(level);
  }

  #step(nowMs: number): number {
    const eighth = Math.max(1, Math.floor(this.#base / 8));
    if (this.#direction === 'down') return -eighth;
    const { level, untilMs } = this.#failed;
    return nowMs < untilMs ? Math.min(eighth, Math.ceil((level - this.#base) / 2)) : eighth;
  }

  #judgeProbe(goodput: number, nowMs: number): void {
    const base = this.#baseGoodput ?? 0;
    this.#probe.push(goodput);
    const isHopeless = goodput < probeFloor * base;
    if (this.#probe.length < probeTicks && !isHopeless) return;
    const mean = this.#probe.reduce((sum, each) => sum + each, 0) / this.#probe.length;
    if (!isHopeless && mean >= base * (this.#phase === 'up' ? upGain : downLoss)) {
      this.#prove(this.#limit, mean);
      this.#phase = 'steady';
    } else {
      this.#return('steady');
      this.#turn(nowMs);
    }
  }

  /** The other direction, after a while. */
  #turn(nowMs: number): void {
    this.#direction = this.#direction === 'up' ? 'down' : 'up';
    this.#holdUntilMs = nowMs + (this.#direction === 'up' ? upHoldMs : downHoldMs);
  }

  /** What is being tried cannot be judged. */
  #abandon(nowMs: number): void {
    this.#lowTicks = 0;
    if (this.#phase !== 'up' && this.#phase !== 'down') return;
    this.#return('steady');
    this.#holdUntilMs = nowMs + upHoldMs;
  }

  #forget(): void {
    this.#baseGoodput = undefined;
    this.#lowTicks = 0;
    if (this.#phase !== 'slow start') this.#return('steady');
    else this.#base = this.#limit;
  }

  #hasCollapsed(goodput: number): boolean {
    const isLow = this.#baseGoodput !== undefined && goodput < collapseShare * this.#baseGoodput;
    this.#lowTicks = isLow ? this.#lowTicks + 1 : 0;
    return this.#lowTicks >= collapseTicks;
  }

  /** The present level has failed. */
  #cut(to: number, nowMs: number, restMs: number): void {
    const failed = this.#limit;
    const isProbe = failed > this.#base;
    const forMs = Math.min(mostCeilingMs, this.#failed.forMs * 2);
    this.#failed = { level: failed, untilMs: nowMs + forMs, forMs };
    this.#try(Math.max(this.#bounds.min, isProbe ? Math.min(to, this.#base) : to));
    if (!isProbe) this.#prove(this.#limit, undefined);
    this.#phase = 'resting';
    this.#direction = 'up';
    this.#lowTicks = 0;
    this.#lastCutMs = nowMs;
    this.#holdUntilMs = nowMs + restMs;
  }

  #endRest(nowMs: number): void {
    if (nowMs < this.#holdUntilMs) return;
    this.#return('steady');
    const isNearFailure = this.#failed.level <= this.#base * nearShare;
    this.#holdUntilMs = nowMs + (isNearFailure ? cutHoldMs : 0);
  }

  #return(phase: ConcurrencyPhase): void {
    this.#phase = phase;
    this.#try(this.#base);
  }

  #prove(level: number, goodput: number | undefined): void {
    this.#try(level);
    this.#base = level;
    this.#baseGoodput = goodput;
    if (level >= this.#failed.level) this.#failed = nothingFailed;
  }

  #try(level: number): void {
    if (level === this.#limit) return;
    this.#limit = level;
    this.#isSettling = true;
  }

  #clamp(level: number, nowMs: number): number {
    return Math.max(this.#bounds.min, Math.min(level, this.#ceiling(nowMs)));
  }

  #ceiling(nowMs: number): number {
    const { level, untilMs } = this.#failed;
    return nowMs < untilMs
      ? Math.max(this.#bounds.min, Math.min(this.#bounds.max, level - 1))
      : this.#bounds.max;
  }
}
