/** Reads Markdown tables. */

/** The rows of the first table, each as its cells: first the heading, then the rest. */
export function rowsIn(markdown: string): string[][] {
  const [table = ''] = /(?:^\|.*\|$\n?)+/m.exec(markdown) ?? [];
  return table
    .trim()
    .split('\n')
    .filter((line) => !/^[|\s:-]+$/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
}
