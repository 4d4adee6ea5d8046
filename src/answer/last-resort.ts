/** The answer if answering fails too. It is built from literals, and nothing in it can throw. */

/**
 * A bare page with the request ID.
 * @param requestId an ID from `requestIdFor`, which needs no escaping in HTML
 */
export function lastResort(requestId: string): Response {
  const html =
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">' +
    '<title>500 Internal Server Error</title>' +
    '<style>body{max-width:36em;margin:auto;padding:1em;font:1em/1.5 system-ui,sans-serif;overflow-wrap:anywhere}</style>' +
    '</head><body><h1>500 Internal Server Error</h1>' +
    '<p>The server was unable to complete your request. Please try again later.</p>' +
    '<p>Request ID:<br><strong id="id">' +
    requestId +
    '</strong></p></body></html>';
  return new Response(html, {
    status: 500,
    headers: {
      'Cache-Control': 'no-store',
      'Content-Type': 'text/html; charset=utf-8',
      'X-Request-Id': requestId,
    },
  });
}
