/** The forms of an answer: each the same facts for another reader. */
import { escapeHtml, type Page } from '../page/create-page.ts';
import { comeBackText } from '../page/come-back.ts';
import { contactParts } from '../page/languages.ts';
import type { PageFacts } from '../page/page-facts.ts';
import type { Form } from './who-asks.ts';

/** How a form is written. */
interface Writer {
  readonly mediaType: string;
  /** @throws Error where the page cannot be rendered */
  write(facts: PageFacts, page: Page): string;
}

/** Every form. */
export const forms: Readonly<Record<Form, Writer>> = {
  html: { mediaType: 'text/html', write: (facts, page) => page.render(facts) },
  fragment: { mediaType: 'text/html', write: fragment },
  json: { mediaType: 'application/problem+json', write: problemDetails },
  markdown: { mediaType: 'text/markdown', write: markdown },
  text: { mediaType: 'text/plain', write: text },
};

/** For a place within a page of the site: no style, no script, nothing that the site's own would not have. */
function fragment(facts: PageFacts): string {
  const { texts, supportUrl, requestId, language } = facts;
  const [before, link, after] = contactParts(texts);
  const contact =
    supportUrl === undefined
      ? ''
      : `<p>${escapeHtml(before)}<a href="${escapeHtml(supportUrl)}">${escapeHtml(link)}</a>${escapeHtml(after)}</p>`;
  return (
    `<div role="alert" lang="${language}" dir="${texts.dir}">` +
    sentences(facts)
      .map((sentence) => `<p>${escapeHtml(sentence)}</p>`)
      .join('') +
    contact +
    `<p>${escapeHtml(texts.logged)} <code id="id" dir="ltr">${escapeHtml(requestId)}</code></p></div>`
  );
}

/**
 * https://www.rfc-editor.org/rfc/rfc9457: without `type`, which means about:blank. `message` is what npm,
 * WordPress and others show of an error.
 */
function problemDetails(facts: PageFacts): string {
  const { status, reason, texts, requestId, failedAt, retryAfter, supportUrl, statusPageUrl } = facts;
  const detail = sentences(facts).join(' ');
  return JSON.stringify({
    title: reason,
    status,
    detail,
    message: `${detail} ${texts.logged} ${requestId}`,
    request_id: requestId,
    timestamp: failedAt.toISOString(),
    retry_after: retryAfter,
    support: supportUrl,
    status_page: statusPageUrl,
  });
}

function markdown(facts: PageFacts): string {
  const { status, reason, texts, requestId, supportUrl, statusPageUrl } = facts;
  const [before, link, after] = contactParts(texts);
  return paragraphs([
    `# ${status} ${reason}`,
    `**${texts.heading}**`,
    ...sentences(facts),
    supportUrl && `${before}[${link}](<${inMarkdownLink(supportUrl)}>)${after}`,
    statusPageUrl && `[${texts.statusPage}](<${inMarkdownLink(statusPageUrl)}>)`,
    `${texts.logged} \`${requestId}\``,
  ]);
}

function text(facts: PageFacts): string {
  const { status, reason, texts, requestId, supportUrl, statusPageUrl } = facts;
  return paragraphs(
    [
      `${status} ${reason}\n`,
      texts.heading,
      ...sentences(facts),
      supportUrl && `${texts.contact.replace(/[[\]]/g, '')} ${supportUrl}`,
      statusPageUrl && `${texts.statusPage}: ${statusPageUrl}`,
      `${texts.logged} ${requestId}`,
    ],
    '\n',
  );
}
/** What happened, and what the visitor can do. */
function sentences({ texts, isUnsafe, language, retryAfter }: PageFacts): string[] {
  const explanation = isUnsafe ? texts.uncertain : texts.explanation;
  return retryAfter === undefined ? [explanation] : [explanation, comeBackText(language, retryAfter, texts)];
}

function paragraphs(parts: readonly (string | undefined)[], between = '\n\n'): string {
  return `${parts.filter((part) => part !== undefined).join(between)}\n`;
}

function inMarkdownLink(url: string): string {
  return url.replaceAll('<', '%3C').replaceAll('>', '%3E').replaceAll('\\', '%5C');
}
