/** The request as it goes on, to the origin or to an application. */
import { DRILL_HEADER } from './drill.ts';
import { REQUEST_ID_HEADER } from './request-id.ts';
import type { Settings } from './settings.ts';

/** The same request with its ID, and without the token of a drill. Its body is still to come. */
export function onwardRequest(request: Request, requestId: string, { DRILL_TOKEN }: Settings): Request {
  const onward = new Request(request);
  onward.headers.set(REQUEST_ID_HEADER, requestId);
  if (DRILL_TOKEN !== undefined) onward.headers.delete(DRILL_HEADER);
  return onward;
}
