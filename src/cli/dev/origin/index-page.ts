import type { CaseKind, OriginCase } from './case.ts';

/** The page at `/`. Every case is a link, or a button if a link cannot do it. */
export function indexPage(cases: readonly OriginCase[]): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A misbehaving origin</title>
<link rel="icon" href="data:,">
<style>
  :root { color-scheme: light dark }
  body {
    font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
    color: light-dark(#1b1b1b, #e8e8e8); background: light-dark(#fff, #16181c)
  }
  a { color: light-dark(#0b57d0, #8ab4f8) }
  li { margin: .5rem 0 }
  li form { display: inline }
  li a { display: inline-block; padding: .2rem 0 }
  dl { display: grid; grid-template-columns: minmax(10rem, max-content) 1fr; gap: .25rem 1.5rem }
  dd { margin: 0 }
  dt { max-width: 16rem; overflow-wrap: anywhere }
  dt a { display: inline-block; padding: .2rem 0 }
  input, button { font: inherit; max-width: 100%; min-height: 2.75rem }
  @media (max-width: 40rem) {
    body { margin: 1rem auto }
    dl { grid-template-columns: 1fr; gap: 0 }
    dt { max-width: none }
    dd { margin-bottom: .75rem }
  }
</style>
<main>
<h1>A misbehaving origin</h1>
<h2>A tour of five clicks</h2>
<ol>
  <li><a href="/ok">A page that works</a> comes as the origin sent it. Come back from each with the browser's own button.</li>
  <li><a href="/status/503">A page that fails</a>: you see the error page. The terminal shows its request ID and the cause; press Enter there for the whole record.</li>
  <li><a href="/silent">An origin that never answers</a>: after the time in <code>ORIGIN_TIMEOUT_MS</code> the page comes all the same.</li>
  <li><form action="/problem-503" method="post"><button>A form that fails</button></form> The page warns that it may have gone through, and leads back here.</li>
  <li><a href="/retry-after">An origin that says when to come back</a>: so does the page. Now type <code>npx edge-error-interceptor lookup --local</code> and the ID (on another port: <code>--local 8797</code>, and the ID).</li>
</ol>
${section('fails', 'Every way to fail', cases)}
<form action="/early-500" method="post" enctype="multipart/form-data">
  Uploads that fail: <input type="file" name="file" aria-label="File">
  <button>to /early-500</button>
  <button formaction="/early-500-closing">to /early-500-closing</button>
  <button formaction="/reset-upload">to /reset-upload</button>
</form>
${section('breaks off', 'Every way to break off', cases)}
<p>Here the visitor already has a good status and headers, so no error page can follow.</p>
${section('works', 'Every way to work', cases)}
<form action="/upload" method="post" enctype="multipart/form-data">
  <input type="file" name="file" aria-label="File"> <button>Upload to /upload</button>
</form>
<p><button id="socket">Say hello to /websocket</button> <button id="events">Listen to /events</button></p>
<pre id="output"></pre>
</main>
<script>
  const output = document.getElementById('output');
  const say = (text) => (output.textContent += text + '\\n');
  document.getElementById('socket').onclick = () => {
    const socket = new WebSocket('/websocket');
    socket.onopen = () => socket.send('hello');
    socket.onmessage = ({ data }) => { say('WebSocket: ' + data); socket.close(4001); };
    socket.onclose = ({ code }) => say('WebSocket closed: ' + code);
  };
  document.getElementById('events').onclick = () => {
    const source = new EventSource('/events');
    source.onmessage = ({ data }) => say('Event, ' + (Date.now() - JSON.parse(data).sent) + ' ms old: ' + data);
    source.onerror = () => { source.close(); say('Events ended'); };
  };
</script>
</html>
`;
}

function section(kind: CaseKind, heading: string, cases: readonly OriginCase[]): string {
  const items = cases
    .filter((originCase) => originCase.kind === kind)
    .map(({ examples, title }) => `  <dt>${examples.map(link).join(' ')}</dt><dd>The origin ${title}.</dd>`);
  return `<h2>${heading}</h2>\n<dl>\n${items.join('\n')}\n</dl>`;
}

function link(path: string): string {
  return `<a href="${path}">${path}</a>`;
}
