/** `smoke`: checks that a deployed site behaves as promised. See `--help`. */
import { DRILL_HEADER } from '../../request.ts';
import { defineCommand, type Surroundings } from '../command.ts';
import { plural } from '../format.ts';
import { printable } from '../printable.ts';
import { useProxy } from '../proxy.ts';
import { commandLine, type Screen } from '../terminal.ts';
import { missingCredentials } from '../lookup/telemetry-api.ts';
import { main as lookup } from '../lookup/main.ts';
import { attempt, property } from '../../untrusted.ts';
import { options, readArguments, type SmokeRequest } from './arguments.ts';
import { failed, passed, type Check } from './check.ts';
import { checkAnswer, checkGoodPage, whyNotOurs } from './check-answer.ts';
import { askFor, NoAnswer, type HttpAnswer } from './http-answer.ts';
import { ASKERS, type Asker } from './promises.ts';
import { isOurs, requestIdOf } from './worker-answer.ts';
import { checkRoute } from './worker-route.ts';

/** The command `smoke`. */
export const main = defineCommand({
  name: 'smoke',
  summary: 'does a deployed site behave as promised?',
  about: 'Asks a deployed site as browsers and programs do, and says of each promise whether it holds.',
  examples: {
    'https://shop.example/': 'a page that works',
    'https://shop.example/ --failing /broken': 'and a page that fails',
    'https://shop.example/ --drill': 'and a failure on demand',
    'https://shop.example/ --fail-open': 'and lets requests go past the Worker beyond the limit of requests',
  },
  options,
  words: 'some',
  notes: {
    Environment: {
      DRILL_TOKEN: 'the secret of the Worker, for --drill',
      'CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN':
        'with both, the record of a drill is looked for in Workers Logs',
      'CLOUDFLARE_API_TOKEN, or the login of wrangler':
        'with either, the route of the site is looked up: which one it is, and whether it is fail open',
    },
  },
  exitCodes: { 0: 'all is as promised', 1: 'something is not, or there was no answer' },
  run: (typed, surroundings) => new Smoke(readArguments(typed, surroundings.env), surroundings).run(),
});

// Characters. A server may send lines that are too long to read.
const MAXIMUM_LINE = 500;

class Smoke {
  readonly #request: SmokeRequest;
  readonly #surroundings: Surroundings<Screen>;
  readonly #checks: Check[] = [];

  constructor(request: SmokeRequest, surroundings: Surroundings<Screen>) {
    this.#request = request;
    this.#surroundings = surroundings;
  }

  async run(): Promise<number> {
    const { url, failing, drillToken, isHere } = this.#request;
    await this.#under(url, '', () => this.#tryGood());
    if (failing) await this.#under(failing, '', () => this.#tryFailing(failing));
    if (drillToken !== undefined) await this.#under(url, ' (drill)', () => this.#tryDrill(drillToken));
    if (!isHere) await this.#under(url, ' (route)', () => this.#tryRoute());
    const failures = this.#checks.filter(({ mark }) => mark === '✗').length;
    const all = plural(this.#checks.filter(({ mark }) => mark !== '!').length, 'check');
    this.#say('');
    this.#say(failures === 0 ? `All as promised (${all}).` : `${failures} of ${all} failed.`);
    if (!failing && drillToken === undefined)
      this.#say(
        'This does not show that the Worker is there: give --failing URL, one that the origin fails on, or --drill.',
      );
    return failures === 0 ? 0 : 1;
  }

  async #tryGood(): Promise<void> {
    const answer = await askFor(this.#request.url, { wantsBody: false });
    this.#show(checkGoodPage(answer));
    if (isOurs(answer)) this.#sayLookup(this.#request.url, requestIdOf(answer, this.#request));
  }

  /**
   * Asks for the same failure in every form.
   * @param drill the header that makes it fail, if it is a drill
   * @returns the ID on the page, if it has one
   */
  async #tryFailing(url: URL, drill?: Readonly<Record<string, string>>): Promise<string | undefined> {
    const { html: browser, ...others } = ASKERS;
    const answerTo = ({ headers, method }: Asker): Promise<HttpAnswer> =>
      askFor(url, { headers: { ...headers, ...drill }, method });
    const page = await answerTo(browser);
    const notOurs = whyNotOurs(page, drill !== undefined);
    if (notOurs !== undefined) return void this.#show(notOurs);
    if (drill !== undefined) this.#show(passed('the Worker answers the drill'));
    this.#show(...checkAnswer(browser, page, page, this.#request));
    const id = requestIdOf(page, this.#request);
    this.#sayLookup(url, id);
    for (const asker of Object.values(others))
      this.#show(...checkAnswer(asker, await answerTo(asker), page, this.#request));
    return id;
  }

  /** Runs a drill: checks the answers that visitors get, and the record. */
  async #tryDrill(drillToken: string): Promise<void> {
    const { url, local } = this.#request;
    const id = await this.#tryFailing(url, { [DRILL_HEADER]: drillToken });
    if (id === undefined) return;
    const missing = local ? [] : missingCredentials(this.#surroundings.env);
    if (missing.length === 0) return this.#show(await this.#checkDrillRecord(id));
    this.#say(`  The record was not looked for: in the environment there is no ${missing.join(' and no ')}.`);
    this.#say('  Of wrangler dev: --local.');
  }

  /** Looks the record up as an operator would. That may take a minute. */
  async #checkDrillRecord(id: string): Promise<Check> {
    const { url, local } = this.#request;
    let json = '';
    const stdout = { write: (text: string) => (json += text) };
    const args = ['--json', ...(local ? ['--local', url.origin] : []), id];
    if ((await lookup.call(args, { ...this.#surroundings, stdout })) !== 0)
      return failed(`lookup does not find the record of ${id}`);
    const found = attempt((): unknown => JSON.parse(json));
    const type = ['failures', '0', 'record', 'error', 'type'].reduce(property, found);
    return type === 'drill'
      ? passed(`lookup finds the record of ${id}`)
      : failed(`the record of ${id} is of the type ${String(type)}, expected drill`);
  }

  async #tryRoute(): Promise<void> {
    const { url, failOpen = false } = this.#request;
    const { env } = this.#surroundings;
    const withoutProxy = useProxy(env, (text) => this.#say(`  ${text}`));
    try {
      for await (const check of checkRoute(url, failOpen, env)) this.#show(check);
    } finally {
      withoutProxy();
    }
  }

  /** Runs checks under a heading. A missing answer is a failed check. */
  async #under(url: URL, what: string, run: () => Promise<unknown>): Promise<void> {
    this.#say(`${withoutPassword(url)}${what}`);
    try {
      await run();
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      this.#show(failed(`no answer: ${error.message}`));
    }
  }

  #show(...checks: readonly Check[]): void {
    for (const { mark, text, next } of checks) {
      this.#say(`  ${mark} ${text}`);
      if (next !== undefined) this.#say(`    ${next}`);
    }
    this.#checks.push(...checks);
  }

  /** Prints the command that finds the record. A server chose the ID, so there is none if it is no valid one. */
  #sayLookup({ origin }: URL, id: string | undefined): void {
    const place = this.#request.isHere ? ['--local', origin] : [];
    if (id !== undefined) this.#say(`  → ${commandLine('lookup', [...place, id])}`);
  }

  #say(line: string): void {
    const { drillToken } = this.#request;
    // A server may send the token back: hide it.
    const hidden = drillToken === undefined ? line : line.replaceAll(drillToken, '…');
    const cut = hidden.length > MAXIMUM_LINE ? `${hidden.slice(0, MAXIMUM_LINE)}…` : hidden;
    this.#surroundings.stdout.say(printable(cut));
  }
}

function withoutPassword(url: URL): string {
  return Object.assign(new URL(url), { username: '', password: '' }).href;
}
