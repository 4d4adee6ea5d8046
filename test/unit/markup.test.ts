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
  // These rules allow HTML as Prettier writes it.
  rules: {
    'doctype-style': ['error', { style: 'lowercase' }],
    'void-style': ['error', { style: 'selfclose' }],
  },
});

/** The page in every language, with every combination of its sections. */
const pages = [
  ...languageTags.map((language) => ({ name: language, html: samplePage({ language }) })),
  ...sectionVariants.map((facts) => ({ name: JSON.stringify(facts), html: samplePage(facts) })),
];

/** This checker does not need Java, unlike the W3C's. */
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
