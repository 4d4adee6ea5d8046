/** The answer when answering fails too: literals, and nothing that can throw. */

/**
 * A bare page with the request ID.
 * @param requestId as `requestIdFor` gives it: nothing that HTML would take for markup
 */
export function lastResort(requestId: string): Response {
  const html =
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>500 Internal Server Error</title>' +
    '<h1>500 Internal Server Error</h1>' +
    '<p>The server was unable to complete your request. Please try again later.</p>' +
    '<p>Request ID: <strong>' +
    requestId +
    '</strong></p></html>';
  return new Response(html, {
    status: 500,
    headers: {
      'Cache-Control': 'no-store',
      'Content-Type': 'text/html; charset=utf-8',
      'X-Request-Id': requestId,
    },
  });
}
