/**
 * The tables of settings in the documents. `npx node test/support/settings-table.ts` prints the tables for README.md.
 */
import { settingsTable, type SettingRule, type Subject } from '../../src/settings.ts';

/** The headings of README.md above the tables. */
export const headings: Readonly<Record<Subject, string>> = {
  origin: 'Your server',
  page: 'The page',
  answer: 'Answers and the log',
};

type Settings = readonly (readonly [name: string, rule: SettingRule<unknown, unknown>])[];

/** The rows of a table, each as its cells: first the heading, then one row for each setting. */
export function settingRows(settings: Settings): readonly (readonly string[])[] {
  return [
    ['Setting', 'Meaning', 'Allowed', 'Without it'],
    ...settings.map(([name, { meaning, allowed, fallback, fallbackText }]) => [
      `\`${name}\``,
      meaning,
      allowed,
      fallbackText ?? `\`${String(fallback)}\``,
    ]),
  ];
}

/** A table as Markdown. */
function tableOf(rows: readonly (readonly string[])[]): string {
  const [heading = [], ...others] = rows;
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`;
  return [line(heading), line(heading.map(() => '---')), ...others.map(line)].join('\n');
}

if (import.meta.main) {
  for (const [subject, heading] of Object.entries(headings)) {
    const settings = Object.entries(settingsTable).filter(([, { about }]) => about === subject);
    console.log(`### ${heading}\n\n${tableOf(settingRows(settings))}\n`);
  }
}
