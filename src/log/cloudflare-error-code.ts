/** Cloudflare's own errors name themselves in the body of a 530. */

/** A code and what names it, with no more than so much between them. */
const ERROR_CODE = /error[ _-]?(?:code)?[^a-z0-9]{1,40}(1\d{3})\b/i;

/**
 * The code that an error page of Cloudflare's names, as HTML, JSON, Markdown or plain text; undefined for none.
 * https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/
 */
export function errorCodeIn(body: string): number | undefined {
  const text = body.replace(/<[^<>]*>/g, ' ').replace(/\s+/g, ' ');
  const code = ERROR_CODE.exec(text)?.[1];
  return code === undefined ? undefined : Number(code);
}
