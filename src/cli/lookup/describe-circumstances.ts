/** Whether a failure is alone or part of an outage, since when, and in which version: as text for people. */
import { counted } from './counted.ts';
import { duration, isoTime } from '../format.ts';
import { recordFact, type JsonObject } from './log-line.ts';
import type { Circumstances, Run } from './outage.ts';
import { printable } from '../printable.ts';
import { sampled } from './summary.ts';

// Fewer failures within ten minutes may be anything.
const OUTAGE = 10;

/** In full sentences, a line each. */
export function describeCircumstances(circumstances: Circumstances, record: JsonObject): string {
  const { near, run, sampleInterval } = circumstances;
  const host = recordFact(record, 'server.address') ?? 'this host';
  const type = recordFact(record, 'error.type') ?? '';
  const lines = [
    run
      ? `${near < OUTAGE ? 'Not alone' : 'An outage'}: ${counted(near, 'failure')} of the type ${type} on ${host} within five minutes of it.`
      : `Alone: no other failure of the type ${type} on ${host} within five minutes of it.`,
    ...(run ? [outageLine(run)] : []),
    ...versionLines(circumstances, record),
    ...(sampleInterval > 1 ? [sampled(circumstances)] : []),
  ];
  return lines.map((line) => `  ${printable(line)}`).join('\n');
}

function outageLine({ count, first, last, beganBefore, goesOn }: Run): string {
  const began = beganBefore
    ? `It has gone on for more than ${duration(last - first)}`
    : `It began at ${timeOf(first)}`;
  const failures = counted(count, 'failure');
  return goesOn
    ? `${began} and goes on: ${failures} so far.`
    : `${began} and ended at ${timeOf(last)}, after ${duration(last - first)}: ${failures} in all.`;
}

/** Whether it began with the version that ran. A version that never failed is in no log. */
function versionLines({ versions, run }: Circumstances, record: JsonObject): string[] {
  const id = recordFact(record, 'cloudflare.script_version.id');
  if (id === undefined) return [];
  const tag = recordFact(record, 'service.version');
  const name = tag === undefined ? id : `${tag} (${id})`;
  const own = versions.find(({ values }) => values[0] === id);
  const earlier = versions
    .filter(({ values, first }) => values[0] !== id && (first ?? Infinity) < (own?.first ?? 0))
    .toSorted((a, b) => (a.first ?? 0) - (b.first ?? 0))[0];
  if (earlier?.first !== undefined) {
    return [
      `It ran in version ${name}, but did not begin with it: version ${earlier.values[0]} failed so at ${timeOf(earlier.first)}.`,
    ];
  }
  if (!run || own?.first === undefined) return [`It ran in version ${name}.`];
  return [
    `All of it ran in version ${name}${versions.length > 1 ? ' or later' : ''}, none in an earlier one.`,
    `Was that deployed shortly before ${timeOf(own.first)}? npx wrangler deployments list; npx wrangler rollback.`,
  ];
}

function timeOf(time: number): string {
  return `${isoTime(time).slice(0, 19).replace('T', ' ')} UTC`;
}
