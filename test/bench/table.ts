/** The results as Markdown tables, ready for the README. */
import { BARE, type Contender, LIMIT, PRODUCT } from './contenders.ts';
import type { Growth } from './growth.ts';
import type { Latency } from './latency.ts';
import type { Measured } from './rounds.ts';
import { median, spread, type Spread } from './statistics.ts';
import { canDo, ORDINARY, WORST, type Work } from './work.ts';
import { type Young, youngRatio } from './young.ts';

/** The results of one contender at one kind of work, over all rounds. */
export interface Row {
  readonly work: string;
  readonly contender: string;
  /** CPU time of the workerd process per request, in microseconds. */
  readonly cpu: number;
  /**
   * The CPU time divided by that of the bare fetch in the same round. If a bare fetch cannot answer, the try/catch
   * counts.
   */
  readonly ratio: Spread;
  /** The CPU time divided by that of the limit in the same round. */
  readonly limitRatio: number;
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** One contender's cold start, over all rounds: milliseconds to the first answer, and ratios to the bare fetch. */
export interface StartRow {
  readonly contender: string;
  readonly milliseconds: number;
  readonly ratio: Spread;
  readonly cpuRatio: Spread;
}

export interface Results {
  readonly contenders: readonly Contender[];
  readonly rows: readonly Row[];
  readonly starts: readonly StartRow[];
  readonly young: readonly Young[];
  readonly latency: readonly Latency[];
  readonly memory: readonly Growth[];
}

/** Medians over the rounds. Ratios are taken within each round, and the result is their median. */
export function summarise(
  contenders: readonly Contender[],
  works: readonly Work[],
  measured: Measured,
): Pick<Results, 'rows' | 'starts'> {
  const done = works.filter(({ name }) => measured.samples.some(({ work }) => work === name));
  const rows = done.flatMap((work) => {
    const samples = measured.samples.filter((sample) => sample.work === work.name);
    const able = contenders.filter(({ manner }) => canDo(manner, work));
    const base = baseOf(able);
    return able.map(({ name }): Row => {
      const own = samples.filter(({ contender }) => contender === name);
      const of = (key: 'cpuMicroseconds' | 'requestsPerSecond' | 'p50' | 'p99') =>
        median(own.map((sample) => sample[key]));
      return {
        work: work.name,
        contender: name,
        cpu: of('cpuMicroseconds'),
        ratio: spread(
          ratios(
            own,
            samples.filter(({ contender }) => base.includes(contender)),
            'cpuMicroseconds',
          ),
        ),
        limitRatio: median(
          ratios(
            own,
            samples.filter(({ contender }) => contender === LIMIT),
            'cpuMicroseconds',
          ),
        ),
        requestsPerSecond: of('requestsPerSecond'),
        p50: of('p50'),
        p99: of('p99'),
      };
    });
  });
  const starts = (measured.starts.length === 0 ? [] : contenders).map(({ name }): StartRow => {
    const own = measured.starts.filter(({ contender }) => contender === name);
    const base = measured.starts.filter(({ contender }) => baseOf(contenders).includes(contender));
    return {
      contender: name,
      milliseconds: median(own.map(({ milliseconds }) => milliseconds)),
      ratio: spread(ratios(own, base, 'milliseconds')),
      cpuRatio: spread(ratios(own, base, 'cpuMilliseconds')),
    };
  });
  return { rows, starts };
}

/**
 * The contender to compare with: the bare fetch, in both its forms, or the try/catch if a bare fetch cannot answer.
 */
function baseOf(contenders: readonly Contender[]): string[] {
  const relaying = contenders.filter(({ manner }) => manner === 'relays').map(({ name }) => name);
  return relaying.length > 0 ? relaying : ['try/catch'];
}

/** A value divided by the mean of the base's values in the same round, for every round. */
function ratios<Key extends string>(
  own: readonly ({ readonly round: number } & Readonly<Record<Key, number>>)[],
  base: readonly ({ readonly round: number } & Readonly<Record<Key, number>>)[],
  key: Key,
): number[] {
  return own.map((one) => {
    const values = base.filter(({ round }) => round === one.round).map((other) => other[key]);
    return one[key] / (values.reduce((sum, value) => sum + value, 0) / values.length);
  });
}

/** The results as Markdown. */
export function renderTables({ contenders, rows, starts, young, latency, memory }: Results): string {
  const speed = rows.map((row) => [
    row.work,
    row.contender,
    row.cpu.toFixed(0),
    row.ratio.median.toFixed(2),
    range(row.ratio),
    row.limitRatio.toFixed(2),
    row.requestsPerSecond.toFixed(0),
    row.p50.toFixed(2),
    row.p99.toFixed(2),
  ]);
  const once = contenders.map(({ name, size }) => {
    const start = starts.find(({ contender }) => contender === name);
    const grown = memory.find(({ contender }) => contender === name);
    return [
      name,
      start === undefined ? '' : `${start.milliseconds.toFixed(0)} ms`,
      start === undefined ? '' : `${start.ratio.median.toFixed(2)} (${range(start.ratio)})`,
      start === undefined ? '' : `${start.cpuRatio.median.toFixed(2)} (${range(start.cpuRatio)})`,
      `${(size.minified / 1000).toFixed(1)} kB`,
      `${(size.gzip / 1000).toFixed(1)} kB`,
      grown === undefined ? '' : `${atRequests(grown.early)}, ${atRequests(grown.late)}`,
    ];
  });
  const tables = [
    table(
      ['work', 'Worker', 'CPU µs', '× bare', 'middle half', '× limit', 'requests/s', 'p50 ms', 'p99 ms'],
      speed,
    ),
    table(
      ['work', 'Worker', 'CPU µs, first 1000', '× bare', '× limit', '1000 instructions', '× bare', '× limit'],
      young.map((one) => youngCells(one, young)),
    ),
    table(
      ['work', 'Worker', 'p50 ms at 200/s', 'p99 ms', 'added to p50', 'added to p99'],
      latency.map((one) => latencyCells(one, latency)),
    ),
    table(['Worker', 'cold start', '× bare', '× bare, CPU', 'minified', 'gzip', 'memory'], once),
  ];
  return tables.filter((text) => text !== '').join('\n');
}

function youngCells(one: Young, all: readonly Young[]): string[] {
  const by = (name: string) => {
    const base = all.find(({ work, contender }) => work === one.work && contender === name);
    return base === undefined ? { cpu: NaN, instructions: NaN } : youngRatio(one, base);
  };
  const [bare, limit] = [by(BARE), by(LIMIT)];
  return [
    one.work,
    one.contender,
    median(one.cpu).toFixed(0),
    bare.cpu.toFixed(2),
    limit.cpu.toFixed(2),
    ((one.instructions ?? NaN) / 1000).toFixed(0),
    bare.instructions.toFixed(2),
    limit.instructions.toFixed(2),
  ];
}

function latencyCells(one: Latency, all: readonly Latency[]): string[] {
  const base = all.find(({ work, contender }) => work === one.work && contender === BARE);
  const added = (key: 'p50' | 'p99') =>
    median(one[key].map((value, round) => value - (base?.[key][round] ?? NaN)));
  return [one.work, one.contender, median(one.p50), median(one.p99), added('p50'), added('p99')].map(
    (cell) => (typeof cell === 'number' ? cell.toFixed(2) : cell),
  );
}

/** The cost of the worst request for this product, divided by that of an ordinary failure in the same round. */
export function describeWorst({ samples }: Measured): string {
  const of = (work: string) =>
    samples.filter((sample) => sample.work === work && sample.contender === PRODUCT);
  const { median: ratio, from, to } = spread(ratios(of(WORST), of(ORDINARY), 'cpuMicroseconds'));
  return `The worst request costs ${ratio.toFixed(2)} (${range({ median: ratio, from, to })}) times an ordinary failure.`;
}

/** The difference that noise alone makes between two identical Workers. */
export function describeNoise({ rows }: Pick<Results, 'rows'>): string {
  const same = rows.filter(({ contender }) => contender.startsWith('bare fetch')).map(({ ratio }) => ratio);
  if (same.length === 0) return 'Noise: not measured.';
  const off = Math.max(...same.map((ratio) => Math.abs(ratio.median - 1)));
  const width = median(same.map(({ from, to }) => to - from));
  return (
    `Noise: two bare fetches differ from their mean by up to ${percent(off)}, ` +
    `and half of their rounds lie within ±${percent(width / 2)}.`
  );
}

function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(1)} %`;
}

function range({ from, to }: Spread): string {
  return `${from.toFixed(2)}–${to.toFixed(2)}`;
}

function atRequests({ requests, megabytes }: Growth['early']): string {
  return `${megabytes.toFixed(0)} MB after ${requests.toLocaleString('en')}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return line(head) + line(head.map((_, i) => (i < 2 ? '---' : '---:'))) + rows.map(line).join('');
}
