/**
 * A short soak of hostile traffic, the same in each run. `npm run soak -- --hostile` is the long one with new random
 * choices.
 */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { playRound } from '../support/hostile/round.ts';
import { type HostileSite, startHostileSite } from '../support/hostile/site.ts';

const SEED = 20_261_125;
const CASES = 100;
/** Enough cases for each kind to occur with each way to put the Worker in front. */
const ROUNDS = [0, 1, 2, 3, 4, 5] as const;

let site: HostileSite;

beforeAll(async () => {
  site = await startHostileSite(SEED, inject('bundle'));
});
afterAll(() => site.stop());

const ways = ['with ORIGIN_URL', 'on a route', 'around an application'] as const;

describe.each(ROUNDS)('hostile visitors, settings and answers, round %i', (number) => {
  const way = number % ways.length;

  it(`${ways[way]}: each has an answer, a failure one record, and nothing leaks`, async () => {
    const worker = site.workers[way] ?? site.workers[0];
    const round = await playRound({ seed: SEED, first: 1 + number * CASES, cases: CASES, worker });
    expect(round.wrong).toEqual([]);
    // Otherwise the round tried nothing.
    expect(round.tally.pages + round.tally.passed).toBeGreaterThan(CASES / 4);
  });
});

describe('an origin behind them', () => {
  it('gets whole requests with one ID and one Host each, and none that no visitor sent', () => {
    expect(site.wrong).toEqual([]);
  });
});
