/** The results in the form that programs read (`--json`). Keys are only ever added. */
import { adviceOn } from './advice.ts';
import { causeOf } from './cause.ts';
import type { FoundFailure } from './find.ts';
import { isoTime } from '../format.ts';
import type { LogStore, Tally } from './log-store.ts';
import type { Circumstances } from './outage.ts';
import type { Summary } from './summary.ts';

/**
 * What was found for one ID.
 * @param failures each with what is around it, where that is known
 */
export function findingToJson(
  requestId: string,
  store: LogStore,
  failures: readonly { readonly found: FoundFailure; readonly circumstances?: Circumstances }[],
  truncated: boolean,
): unknown {
  return {
    request_id: requestId,
    store: store.name,
    truncated,
    failures: failures.map(({ found: { line, record, additions, otherLines }, circumstances }) => ({
      cause: causeOf(record, additions),
      ...adviceOn(record, additions),
      ...(circumstances && { circumstances: circumstancesToJson(circumstances) }),
      time: isoTime(line.time),
      ...(line.service !== undefined && { service: line.service }),
      record,
      additions,
      other_lines: otherLines.map(({ time, level, service, text }) => ({
        time: isoTime(time),
        level,
        ...(service !== undefined && { service }),
        text,
      })),
    })),
  };
}

/** The failures of a time. */
export function summaryToJson(summary: Summary, store: LogStore): unknown {
  const { window, total, timeline, groups, others, onPurpose } = summary;
  return {
    from: isoTime(window.from),
    to: isoTime(window.to),
    store: store.name,
    failures: total.count,
    ...timesToJson(total),
    sample_interval: total.sampleInterval,
    truncated: others > 0,
    others,
    on_purpose: onPurpose,
    timeline,
    groups: groups.map((group) => ({
      error_type: group.type,
      error_source: group.source,
      // The status of an origin is its error type.
      ...(group.source === 'origin' && /^\d{3}$/.test(group.type) && { origin_status: Number(group.type) }),
      host: group.host,
      path: group.path,
      count: group.count,
      ...timesToJson(group),
      ...(group.example !== undefined && { example: group.example }),
    })),
  };
}

function circumstancesToJson({ near, run, versions, sampleInterval }: Circumstances): unknown {
  return {
    within_five_minutes: near,
    ...(run && {
      run: { count: run.count, ...timesToJson(run), began_before: run.beganBefore, goes_on: run.goesOn },
    }),
    versions: versions.map((version) => ({
      id: version.values[0],
      count: version.count,
      ...timesToJson(version),
    })),
    sample_interval: sampleInterval,
  };
}

function timesToJson({ first, last }: Pick<Tally, 'first' | 'last'>): Record<string, string> {
  return {
    ...(first !== undefined && { first: isoTime(first) }),
    ...(last !== undefined && { last: isoTime(last) }),
  };
}
