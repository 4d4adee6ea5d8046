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
