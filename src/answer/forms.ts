/** The forms of an answer: each the same facts for another reader. */
import type { Form } from '../incident.ts';
import { escapeHtml, type Page } from '../page/create-page.ts';
import { contactParts } from '../page/languages.ts';
import type { AnswerTexts } from './texts.ts';

/** The media type of each form. */
export const mediaTypes: Readonly<Record<Form, string>> = {
  html: 'text/html',
  fragment: 'text/html',
  json: 'application/problem+json',
  markdown: 'text/markdown',
  text: 'text/plain',
};

/** Writes the body of each form. */
export const bodies: Readonly<Record<Form, (facts: AnswerTexts, page: Page) => string>> = {
  html(facts, page) {
    const time = facts.failedAt.toISOString();
    return page.render(
      { language: facts.language, unsafe: facts.isUnsafe },
      {
        request_id: facts.requestId,
        site_name: facts.siteName,
        home_url: '/',
        back_url: facts.backUrl,
        come_back: facts.comeBack,
        support_url: facts.supportUrl,
        status_page_url: facts.statusPageUrl,
        status: String(facts.status),
        reason: facts.reason,
        time: `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`,
        time_iso: time,
      },
    );
  },

  /** For a place within a page of the site: no style, no script, nothing that the site's own would not have. */
  fragment(facts) {
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
  },

  /**
   * https://www.rfc-editor.org/rfc/rfc9457: without `type`, which means about:blank. `message` is what npm,
   * WordPress and others show of an error.
   */
  json(facts) {
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
  },

  markdown(facts) {
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
  },

  text(facts) {
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
  },
};

/** What happened, and what the visitor can do. */
function sentences({ texts, isUnsafe, comeBack }: AnswerTexts): string[] {
  return [isUnsafe ? texts.uncertain : texts.explanation, ...(comeBack === undefined ? [] : [comeBack])];
}

function paragraphs(parts: readonly (string | undefined)[], between = '\n\n'): string {
  return `${parts.filter((part) => part !== undefined).join(between)}\n`;
}

function inMarkdownLink(url: string): string {
  return url.replaceAll('<', '%3C').replaceAll('>', '%3E').replaceAll('\\', '%5C');
}
