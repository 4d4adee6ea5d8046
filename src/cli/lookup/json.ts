/** The results in the form that programs read (`--json`). Keys are only ever added. */
import { causeOf } from './cause.ts';
import type { Found } from './find.ts';
import { isoTime } from '../format.ts';
import type { LogLines, LogStore, TimeWindow } from './log-store.ts';
import { groupFailures } from './summary.ts';

/** What was found for one ID. */
export function findingToJson(requestId: string, store: LogStore, { failures, truncated }: Found): unknown {
  return {
    request_id: requestId,
    store: store.name,
    truncated,
    failures: failures.map(({ line, record, additions, otherLines }) => ({
      cause: causeOf(record, additions),
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
export function summaryToJson({ from, to }: TimeWindow, store: LogStore, found: LogLines): unknown {
  return {
    from: isoTime(from),
    to: isoTime(to),
    store: store.name,
    failures: found.lines.length,
    truncated: found.truncated,
    groups: groupFailures(found.lines).map((group) => ({
      error_type: group.errorType,
      ...(group.originStatus !== undefined && { origin_status: group.originStatus }),
      host: group.host,
      path: group.path,
      count: group.count,
      first: isoTime(group.first),
      last: isoTime(group.last),
      example: group.example,
    })),
  };
}
