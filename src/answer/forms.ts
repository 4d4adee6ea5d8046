/** Writes the forms of an answer. Each tells the same facts to another kind of reader. */
import { escapeHtml, type Page } from '../page/create-page.ts';
import { explanationOf } from '../page/explanation.ts';
import { contactParts } from '../page/languages.ts';
import type { PageFacts } from '../page/page-facts.ts';
import { addressOf, utcText } from '../page/tokens.ts';
import { mediaRanges } from './media-types.ts';
import type { Form } from './who-asks.ts';

/** Writes one form. */
interface Writer {
  /**
   * The media type; every answer has `charset=utf-8` behind it.
   * @param headers the headers of the request
   */
  mediaType(headers: Headers): string;
  /** @throws Error if the page cannot be rendered */
  write(facts: PageFacts, page: Page): string;
}

/** Every form. */
export const forms: Readonly<Record<Form, Writer>> = {
  html: { mediaType: () => 'text/html', write: (facts, page) => page.render(facts) },
  fragment: { mediaType: () => 'text/html', write: fragment },
  json: { mediaType: jsonType, write: problemDetails },
  markdown: { mediaType: () => 'text/markdown', write: markdown },
  text: { mediaType: () => 'text/plain', write: text },
};

/** HTML for a place within a page of the site. It has no style and no script, so that it looks like the site. */
function fragment(facts: PageFacts): string {
  const { status, reason, texts, siteName, supportUrl, statusPageUrl, requestId, language, failedAt } = facts;
  const [before, link, after] = contactParts(texts).map(escapeHtml);
  const paragraphs = [
    `<strong>${escapeHtml(texts.heading)}</strong>`,
    escapeHtml(explanationOf(facts)),
    statusPageUrl && `<a href="${escapeHtml(statusPageUrl)}">${escapeHtml(texts.statusPage)}</a>`,
    supportUrl &&
      `${before}<a href="${escapeHtml(supportUrl)}">${link}</a>${escapeHtml(addressBehind(supportUrl))}${after}`,
    `${escapeHtml(texts.logged)} <code id="id" dir="ltr">${escapeHtml(requestId)}</code>`,
    `<bdi lang="en">${status} ${escapeHtml(reason)}</bdi> · <bdi>${escapeHtml(siteName)}</bdi> · ` +
      `<time datetime="${failedAt.toISOString()}" dir="ltr">${utcText(failedAt)}</time>`,
  ];
  const content = paragraphs.map((paragraph) => (paragraph === undefined ? '' : `<p>${paragraph}</p>`));
  return `<div role="alert" lang="${language}" dir="${texts.dir}">${content.join('')}</div>`;
}

/**
 * Problem details (https://www.rfc-editor.org/rfc/rfc9457). No `type` means about:blank. WordPress and others show
 * `message`. npm and OpenAI's clients show only `error`, and npm needs it to be a text.
 */
function problemDetails(facts: PageFacts): string {
  const { status, reason, texts, requestId, failedAt, retryAfter, supportUrl, statusPageUrl } = facts;
  const detail = explanationOf(facts);
  const message = `${detail} ${texts.logged} ${requestId}`;
  return JSON.stringify({
    title: reason,
    status,
    detail,
    message,
    error: message,
    request_id: requestId,
    timestamp: failedAt.toISOString(),
    retryable: facts.isRetryable,
    retry_after: retryAfter,
    support: supportUrl,
    status_page: statusPageUrl,
  });
}

/** `application/json` for clients that accept only that. matrix-js-sdk and others read no other type of body. */
function jsonType(headers: Headers): string {
  const names = mediaRanges(headers.get('accept') ?? '').map(({ name }) => name);
  const isPlain =
    names.includes('application/json') && !names.some((name) => name === PROBLEM || name === '*/*');
  return isPlain ? 'application/json' : PROBLEM;
}

const PROBLEM = 'application/problem+json';

/** Markdown for agents. The front matter (https://jekyllrb.com/docs/front-matter/) has the facts for programs. */
function markdown(facts: PageFacts): string {
  const { status, reason, texts, siteName, requestId, retryAfter, supportUrl, statusPageUrl } = facts;
  const [before, link, after] = contactParts(texts);
  return lines('\n\n', [
    lines('\n', [
      '---',
      `status: ${status}`,
      `request_id: ${JSON.stringify(requestId)}`,
      `retryable: ${facts.isRetryable}`,
      retryAfter && `retry_after: ${retryAfter}`,
      '---',
    ]),
    `# ${status} ${reason}`,
    `**${texts.heading}**`,
    explanationOf(facts),
    statusPageUrl && `[${texts.statusPage}](<${inMarkdownLink(statusPageUrl)}>)`,
    supportUrl && `${before}[${link}](<${inMarkdownLink(supportUrl)}>)${addressBehind(supportUrl)}${after}`,
    `${texts.logged} \`${requestId}\``,
    `${siteName.replace(/[\\`*_[\]<>&]/g, '\\$&')} · ${utcText(facts.failedAt)}\n`,
  ]);
}

function text(facts: PageFacts): string {
  const { status, reason, texts, siteName, requestId, supportUrl, statusPageUrl, failedAt } = facts;
  const [before, link, after] = contactParts(texts);
  return lines('\n', [
    `${status} ${reason}`,
    '',
    texts.heading,
    explanationOf(facts),
    statusPageUrl && `${texts.statusPage}: ${statusPageUrl}`,
    supportUrl && `${before}${link} (${addressOf(supportUrl) ?? supportUrl})${after}`,
    `${texts.logged} ${requestId}`,
    '',
    `${siteName} · ${utcText(failedAt)}\n`,
  ]);
}

/** The mail address or telephone number of a link, in brackets. Empty if the link has none. */
function addressBehind(url: string): string {
  const address = addressOf(url);
  return address === undefined ? '' : ` (${address})`;
}

function lines(between: string, parts: readonly (string | number | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(between);
}

function inMarkdownLink(url: string): string {
  return url.replaceAll('<', '%3C').replaceAll('>', '%3E').replaceAll('\\', '%5C');
}
