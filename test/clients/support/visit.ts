/** A visit with a browser's headers, and the text on the screen. */
import { type Question, ask } from '../../support/ask.ts';

/** The headers that a browser sends when somebody opens a page. */
const browser = {
  Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'Sec-Fetch-Dest': 'document',
  'Sec-Fetch-Mode': 'navigate',
};

/** The visitor's view of an answer. */
export interface Visit {
  readonly status: number;
  /** The text of the page, without markup. */
  readonly text: string;
  readonly html: string;
  /** Headers by their lower-case names, without Date and those about the connection. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Opens a page of a server. */
export async function visit(
  server: { readonly port: number },
  path = '/',
  { headers, ...question }: Question = {},
): Promise<Visit> {
  const answer = await ask(server, { path, ...question, headers: { ...browser, ...headers } });
  const pairs = Object.fromEntries(
    answer.rawHeaders.flatMap((name, index) => {
      const key = name.toLowerCase();
      if (index % 2 === 1 || /^(?:date|connection|keep-alive|transfer-encoding)$/.test(key)) return [];
      return [[key, answer.header(name) ?? '']];
    }),
  );
  return {
    status: answer.status,
    html: answer.text,
    headers: pairs,
    text: `${answer.status}: ${textOf(answer.text)}`,
  };
}

/** The text of a page. */
export function textOf(html: string): string {
  const visible = html.replace(/<(style|script|title)\b[^]*?<\/\1>|<!--[^]*?-->|<[^>]*>/gi, ' ');
  return visible.replace(/&amp;/g, '&').replace(/\s+/g, ' ').trim();
}
