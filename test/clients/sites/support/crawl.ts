/** Crawls a site, and compares the answers of two servers. */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { type Question, ask } from '../../../support/ask.ts';

/** The parts of an answer that can be compared. */
export interface Page {
  readonly status: number;
  /** Headers by their lower-case names, without Date and those about the connection. */
  readonly headers: Readonly<Record<string, string>>;
  /** The text of the body, or a digest if it is not text. */
  readonly body: string;
}

/** Options of a crawl. */
export interface Walk {
  readonly start: readonly string[];
  /** The most paths to request. */
  readonly limit: number;
  /** The headers of each request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Paths to leave out, because they change something or differ each time. */
  readonly leaveOut?: RegExp;
  /** Texts that differ between any two requests, in bodies and headers. Times need no entry. */
  readonly varies?: readonly RegExp[];
}

/**
 * Follows the links of a site, and requests the same paths from other servers.
 * @param others servers with the Worker in front
 * @returns the paths, of which `pages` are HTML
 * @throws AssertionError that names the difference and its path
 */
export async function crawl(
  origin: { readonly port: number },
  others: readonly { readonly port: number }[],
  walk: Walk,
): Promise<{ readonly paths: readonly string[]; readonly pages: number }> {
  const { start, limit, headers, leaveOut, varies = [] } = walk;
  const steady = (text: string) =>
    [...times, ...varies].reduce((rest, pattern) => rest.replace(pattern, '…'), text);
  const host = headers['Host'] ?? `127.0.0.1:${origin.port}`;
  const paths = [...start];
  let pages = 0;
  const differences: unknown[] = [];
  for (const path of paths) {
    const question = { path, headers };
    const { page, html } = await pageOf(origin, question, steady);
    for (const other of others) {
      const { page: through } = await pageOf(other, question, steady);
      differences.push(...differencesOf(path, page, through));
    }
    if (html === undefined) continue;
    pages += 1;
    for (const link of linksOf(html, `http://${host}${path}`)) {
      if (paths.length < limit && !paths.includes(link) && !leaveOut?.test(link)) paths.push(link);
    }
  }
  expect(differences).toEqual([]);
  return { paths, pages };
}

/** The differences between two answers. */
function differencesOf(path: string, page: Page, through: Page): unknown[] {
  const names = [...new Set([...Object.keys(page.headers), ...Object.keys(through.headers)])];
  const pairs = names.map((name) => [`header ${name}`, page.headers[name], through.headers[name]]);
  const at = [...page.body].findIndex((_, index) => page.body[index] !== through.body[index]);
  const excerpt = ({ body }: Page) => body.slice(Math.max(0, at - 80), at + 80);
  pairs.push(['status', String(page.status), String(through.status)]);
  pairs.push(page.body === through.body ? [] : ['body', excerpt(page), excerpt(through)]);
  return pairs.filter(([, a, b]) => a !== b).map((pair) => [path, ...pair]);
}

/** The paths of a page's links to its own host, in order. */
function linksOf(html: string, base: string): string[] {
  return [...html.matchAll(/\s(?:href|src)=(?:"([^"]*)"|'([^']*)')/g)].flatMap(([, a, b]) => {
    const target = (a ?? b ?? '').replaceAll('&amp;', '&').replaceAll('&#038;', '&');
    const url = URL.parse(target, base);
    return url !== null && url.origin === new URL(base).origin ? [url.pathname + url.search] : [];
  });
}

/** Times in the formats of HTTP and of ISO 8601. */
const times = [/\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT/g, /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/g];

const ofConnection = /^(?:date|connection|keep-alive|transfer-encoding|content-length)$/;

async function pageOf(
  server: { readonly port: number },
  question: Question,
  steady: (text: string) => string,
): Promise<{ readonly page: Page; readonly html: string | undefined }> {
  const answer = await ask(server, question);
  const headers: Record<string, string> = {};
  for (const name of answer.rawHeaders.filter((_, index) => index % 2 === 0)) {
    const key = name.toLowerCase();
    if (!ofConnection.test(key)) headers[key] = steady(answer.header(name) ?? '');
  }
  const type = headers['content-type'] ?? '';
  const body = /text|json|xml|javascript/.test(type)
    ? steady(answer.text)
    : createHash('sha256').update(answer.body).digest('hex');
  return {
    page: { status: answer.status, headers, body },
    html: type.startsWith('text/html') ? answer.text : undefined,
  };
}
