/** `smoke`: whether a deployed site behaves as promised. `--help` says how. */
import { DRILL_HEADER } from '../../request.ts';
import { defineCommand, type Surroundings } from '../command.ts';
import { plural } from '../format.ts';
import { printable } from '../printable.ts';
import { commandLine, type Screen } from '../terminal.ts';
import { isLoopback, OPTIONS, readArguments, type SmokeRequest } from './arguments.ts';
import { missingCredentials } from '../lookup/credentials.ts';
import { findDrillRecord } from './drill-record.ts';
import { askFor, NoAnswer } from './http-answer.ts';
import type { Check } from './check.ts';
import { checkForm, checkProblemDetails, formsToCheck } from './form-checks.ts';
import { checkDrill, checkDrillForms, checkErrorPage, checkGoodPage, checkHead } from './page-checks.ts';
import { isDrill, isOurs, requestIdOf, type Expectations } from './worker-answer.ts';

/** The command `smoke`. */
export const main = defineCommand({
  name: 'smoke',
  summary: 'does a deployed site behave as promised?',
  about: 'Asks a deployed site as browsers and programs do, and says of each promise whether it holds.',
  examples: [
    [['https://shop.example/'], 'a page that works'],
    [['https://shop.example/', '--failing', '/broken'], 'and a page that fails'],
    [['https://shop.example/', '--drill'], 'and a failure on demand'],
  ],
  options: OPTIONS,
  words: 'some',
  notes: {
    Environment: {
      DRILL_TOKEN: 'the secret of the Worker, for --drill',
      'CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN':
        'with both, the record of a drill is looked for in Workers Logs',
    },
  },
  exitCodes: { 0: 'all is as promised', 1: 'something is not, or there was no answer' },
  run: (typed, surroundings) => new Smoke(readArguments(typed, surroundings.env), surroundings).run(),
});

// A server may send more than anyone wants to read.
const MAXIMUM_LINE = 500;

type Show = (checks: readonly Check[]) => void;

/** One run of the command. */
class Smoke {
  readonly #request: SmokeRequest;
  readonly #surroundings: Surroundings<Screen>;
  readonly #checks: Check[] = [];

  constructor(request: SmokeRequest, surroundings: Surroundings<Screen>) {
    this.#request = request;
    this.#surroundings = surroundings;
  }

  async run(): Promise<number> {
    const { url, failing, drillToken, expectations } = this.#request;
    await this.#under(url, '', (show) => this.#tryGood(url, show));
    if (failing) await this.#under(failing, '', (show) => this.#tryFailing(failing, expectations, show));
    if (drillToken !== undefined) {
      await this.#under(url, ' (drill)', (show) => this.#tryDrill(url, drillToken, show));
    }
    const failed = this.#checks.filter((check) => !check.passed).length;
    const all = plural(this.#checks.length, 'check');
    this.#say('');
    this.#say(failed === 0 ? `All as promised (${all}).` : `${failed} of ${all} failed.`);
    if (!failing && drillToken === undefined) {
      this.#say(
        'This does not show that the Worker is there: give --failing URL, one that the origin fails on,',
      );
      this.#say('or --drill.');
    }
    return failed === 0 ? 0 : 1;
  }

  async #tryGood(url: URL, show: Show): Promise<void> {
    const answer = await askFor(url, { wantsBody: false });
    show(checkGoodPage(answer));
    if (isOurs(answer)) this.#sayLookup(url, requestIdOf(answer, this.#request.expectations));
  }

  /**
   * The same failure in every form.
   * @param drillToken where it is one on demand
   * @returns the page's ID, where it is one
   */
  async #tryFailing(
    url: URL,
    expectations: Expectations,
    show: Show,
    drillToken?: string,
  ): Promise<string | undefined> {
    const drill = drillToken === undefined ? {} : { [DRILL_HEADER]: drillToken };
    const page = await askFor(url, { headers: drill });
    show(drillToken === undefined ? checkErrorPage(page, expectations) : checkDrill(page, expectations));
    // What is not the Worker's answer breaks every promise; one line says it.
    if (!(drillToken === undefined ? isOurs : isDrill)(page)) return undefined;
    const id = requestIdOf(page, expectations);
    try {
      const json = await askFor(url, { headers: { ...drill, Accept: 'application/json' } });
      show(checkProblemDetails(json, page, expectations));
      const others = [json];
      for (const form of Object.values(formsToCheck)) {
        const answer = await askFor(url, { headers: { ...drill, ...form.headers } });
        show([checkForm(form, answer, expectations)]);
        others.push(answer);
      }
      const head = await askFor(url, { method: 'HEAD', headers: drill });
      show(checkHead(head, page, expectations));
      if (drillToken !== undefined) show([checkDrillForms([...others, head])]);
    } finally {
      this.#sayLookup(url, id);
    }
    return id;
  }

  /** A failure on demand: what visitors get, and the record of it. */
  async #tryDrill(url: URL, drillToken: string, show: Show): Promise<void> {
    const { expectations, local } = this.#request;
    // The status of a drill is 500 with any setting.
    const id = await this.#tryFailing(url, expectations, show, drillToken);
    if (id === undefined) return;
    const missing = local ? [] : missingCredentials(this.#surroundings.env);
    if (missing.length === 0)
      return show([await findDrillRecord(id, local ? url : undefined, this.#surroundings)]);
    this.#say(`  The record was not looked for: in the environment there is no ${missing.join(' and no ')}.`);
    this.#say('  Of wrangler dev: --local.');
  }

  /** Shows checks under a heading; no answer is a failed check. */
  async #under(url: URL, what: string, run: (show: Show) => Promise<unknown>): Promise<void> {
    const show: Show = (checks) => {
      for (const { passed, text } of checks) this.#say(`  ${passed ? '✓' : '✗'} ${text}`);
      this.#checks.push(...checks);
    };
    this.#say(`${withoutPassword(url)}${what}`);
    try {
      await run(show);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      show([{ passed: false, text: `no answer: ${error.message}` }]);
    }
  }

  /** From here to the record. An ID that a server chose is only a command to copy where it is an ID. */
  #sayLookup({ origin }: URL, id: string | undefined): void {
    if (id === undefined) return;
    const isLocal = isLoopback(new URL(origin));
    this.#say(`  → ${commandLine('lookup', isLocal ? ['--local', origin, id] : [id])}`);
  }

  #say(line: string): void {
    const { drillToken } = this.#request;
    // A server may send back what it got.
    const hidden = drillToken === undefined ? line : line.replaceAll(drillToken, '…');
    const cut = hidden.length > MAXIMUM_LINE ? `${hidden.slice(0, MAXIMUM_LINE)}…` : hidden;
    this.#surroundings.stdout.say(printable(cut));
  }
}

function withoutPassword(url: URL): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href;
}
