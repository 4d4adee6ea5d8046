/** Finds the code of Cloudflare's own error in the body of a 530. */

/** The words "error" or "error code", and a code 1xxx at most 40 characters behind them. */
const ERROR_CODE = /error[ _-]?(?:code)?[^a-z0-9]{1,40}(1\d{3})\b/i;

/**
 * The error code in an error page of Cloudflare: HTML, JSON, Markdown or plain text. Undefined if there is none.
 * https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/
 */
export function errorCodeIn(body: string): number | undefined {
  const text = body.replace(/<[^<>]*>/g, ' ').replace(/\s+/g, ' ');
  const code = ERROR_CODE.exec(text)?.[1];
  return code === undefined ? undefined : Number(code);
}
