/**
 * The error and debug pages of real software: the cause stays in the log, and the secrets do not. The pages are
 * captured; their secrets are made up.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { textOfHtml } from '../../src/log/html-text.ts';
import { scrubStart } from '../../src/scrub/scrub.ts';

interface Captured {
  readonly site: string;
  readonly failure?: string;
  readonly contentType: string;
  readonly body: string;
  /** The texts that must stay, in this order. */
  readonly stays: readonly string[];
  readonly secret: readonly string[];
}

function captured(name: string): Captured[] {
  const lines = readFileSync(join(import.meta.dirname, 'corpus', name), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line));
}

const SHOWN = 8192;
const pages = ['debug-pages.jsonl', 'sites-records.jsonl'].flatMap(captured);

/** The part of a body that the log shows. */
function shown({ contentType, body }: Captured): string {
  const text = (contentType.includes('html') && textOfHtml(body, SHOWN + 512)) || body;
  return scrubStart(text, Math.min(text.length, SHOWN));
}

describe('of an error page of real software', () => {
  it.each(pages)('the cause stays: $site $failure', (page) => {
    const text = shown(page);
    let position = 0;
    for (const part of page.stays) {
      expect(text.slice(position)).toContain(part);
      position = text.indexOf(part, position) + part.length;
    }
  });

  it.each(pages.filter(({ secret }) => secret.length > 0))('no secret stays: $site $failure', (page) => {
    const text = shown(page);
    expect(page.secret.filter((secret) => text.includes(secret))).toEqual([]);
  });
});
