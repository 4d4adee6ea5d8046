import { HtmlValidate } from 'html-validate';
import { describe, expect, it } from 'vitest';
import { languageTags, samplePage, sectionVariants } from '../support/sample-page.ts';

const validator = new HtmlValidate({
  root: true,
  extends: [
    'html-validate:recommended',
    'html-validate:standard',
    'html-validate:a11y',
    'html-validate:document',
  ],
  // How Prettier writes HTML.
  rules: {
    'doctype-style': ['error', { style: 'lowercase' }],
    'void-style': ['error', { style: 'selfclose' }],
  },
});

/** Every language, and every combination of sections. */
const pages = [
  ...languageTags.map((language) => ({ name: language, html: samplePage({ language }) })),
  ...sectionVariants.map((facts) => ({ name: JSON.stringify(facts), html: samplePage(facts) })),
];

/** The checker needs no Java, as the W3C's would. */
describe('the checker of markup finds nothing', () => {
  it.each(pages)('in $name', async ({ html }) => {
    const report = await validator.validateString(html);
    const messages = report.results.flatMap((result) => result.messages);
    expect(messages.map(({ ruleId, line, message }) => `${line}: ${message} (${ruleId})`)).toEqual([]);
  });

  it('and would find an unclosed element', async () => {
    const report = await validator.validateString(samplePage().replace('</main>', ''));
    expect(report.valid).toBe(false);
  });
});
