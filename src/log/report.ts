/** Writes a failure into Workers Logs as one record. */
import type { Incident } from '../incident.ts';
import { attempt } from '../untrusted.ts';
import { toLogRecord, type AnswerInRecord } from './record.ts';

/**
 * Writes the record of a failure: one call of the console with one object. Never throws.
 * @param onPurpose true if the origin answered so on purpose. It becomes a warning, which raises no alarm
 */
export function report(incident: Incident, answer: AnswerInRecord, onPurpose = false): void {
  attempt(() => {
    const record = toLogRecord(incident, answer);
    if (onPurpose) console.warn({ ...record, message: `${record.message} on purpose` });
    else console.error(record);
  });
}
