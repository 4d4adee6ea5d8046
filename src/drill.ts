/** The drill: a failure that the operator asked for, so that page, record and alerts are proven without an outage. */
import type { Settings } from './settings.ts';

/** The header that asks for a drill; its value is the secret `DRILL_TOKEN`. */
export const DRILL_HEADER = 'X-Error-Drill';

/** Whether a request asks for a drill with the right token, which is compared in constant time. Never throws. */
export function isDrill({ headers }: Request, { DRILL_TOKEN }: Settings): boolean {
  if (DRILL_TOKEN === undefined) return false;
  const sent = headers.get(DRILL_HEADER);
  if (sent?.length !== DRILL_TOKEN.length) return false;
  let difference = 0;
  for (let i = 0; i < DRILL_TOKEN.length; i++) difference |= sent.charCodeAt(i) ^ DRILL_TOKEN.charCodeAt(i);
  return difference === 0;
}
