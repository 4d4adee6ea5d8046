/** What clients that cannot be run here send, as their makers or those who measured them wrote it down. */

/** Headers and where they are from. */
export interface PublishedSet {
  readonly client: string;
  readonly does: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly source: string;
}

const agents = 'https://acceptmarkdown.com/status.md';

/** All of them; each is a GET. */
export const publishedSets: readonly PublishedSet[] = [
  {
    client: 'OkHttp (Android)',
    does: 'GET',
    headers: [
      ['Accept-Encoding', 'gzip'],
      ['User-Agent', 'okhttp/4.12.0'],
    ],
    source:
      'https://github.com/square/okhttp/blob/parent-4.12.0/okhttp/src/main/kotlin/okhttp3/internal/http/BridgeInterceptor.kt',
  },
  {
    client: 'Go net/http',
    does: 'GET',
    headers: [
      ['User-Agent', 'Go-http-client/1.1'],
      ['Accept-Encoding', 'gzip'],
    ],
    source: 'https://cs.opensource.google/go/go/+/master:src/net/http/request.go',
  },
  {
    client: 'coding agent that asks for Markdown first',
    does: 'fetch of a page',
    headers: [['Accept', 'text/markdown, text/html, */*']],
    source: agents,
  },
  {
    client: 'Cursor',
    does: 'fetch of a page',
    headers: [['Accept', 'text/markdown, text/plain;q=0.9, */*;q=0.8']],
    source: agents,
  },
  {
    client: 'OpenCode',
    does: 'fetch of a page',
    headers: [
      ['Accept', 'text/markdown;q=1.0, text/x-markdown;q=0.9, text/plain;q=0.8, text/html;q=0.7, */*;q=0.1'],
    ],
    source: 'https://github.com/sst/opencode/blob/dev/packages/opencode/src/tool/webfetch.ts',
  },
];
