/** The settings as the documents show them. `node test/support/settings-table.ts` prints the table for README.md. */
import { settingsTable } from '../../src/settings.ts';

/** The rows: the heading, a row per setting; each row is its cells. */
export function settingRows(): readonly (readonly string[])[] {
  return [
    ['Setting', 'What it is', 'Allowed', 'Without it'],
    ...Object.entries(settingsTable).map(([name, { meaning, allowed, fallback, fallbackText }]) => [
      `\`${name}\``,
      meaning,
      allowed,
      fallbackText ?? `\`${String(fallback)}\``,
    ]),
  ];
}

if (import.meta.main) {
  const [heading = [], ...rows] = settingRows();
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`;
  console.log([line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n'));
}
