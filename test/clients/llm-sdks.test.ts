import Anthropic from '@anthropic-ai/sdk';
import { createOpenAI } from '@ai-sdk/openai';
import { APICallError, generateText, streamText } from 'ai';
import OpenAI from 'openai';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunningWorker } from '../support/workerd.ts';
import { lastRecord, recordOfSeen, recordsOf, startBehind } from './support/behind.ts';
import type { Daemon } from './support/daemon.ts';
import { installedVersion } from './support/http-clients.ts';
import { startServer } from './support/server.ts';
import { witness } from './support/witness.ts';

const model = 'parrot-1';
const options = (base: string, maxRetries: number) => ({
  apiKey: 'a key of the tests',
  baseURL: base,
  maxRetries,
});

/** A library for language models. It asks once for a whole answer, and once for a stream. */
interface Sdk {
  readonly name: string;
  readonly package: string;
  /** The model's words, or the library's error after it gave up. */
  ask(base: string, say: string, retries?: number): Promise<string>;
  /** Asks for a stream. */
  stream(base: string, say: string): Promise<string>;
}

const sdks: readonly Sdk[] = [
  {
    name: 'OpenAI SDK',
    package: 'openai',
    async ask(base, content, retries = 0) {
      const client = new OpenAI(options(`${base}/v1`, retries));
      const { choices } = await client.chat.completions.create({
        model,
        messages: [{ role: 'user', content }],
      });
      return choices[0]?.message.content ?? '';
    },
    async stream(base, content) {
      const client = new OpenAI(options(`${base}/v1`, 0));
      const messages = [{ role: 'user' as const, content }];
      let said = '';
      for await (const { choices } of await client.chat.completions.create({
        model,
        messages,
        stream: true,
      })) {
        said += choices[0]?.delta.content ?? '';
      }
      return said;
    },
  },
  {
    name: 'Anthropic SDK',
    package: '@anthropic-ai/sdk',
    async ask(base, content, retries = 0) {
      const client = new Anthropic(options(base, retries));
      const message = await client.messages.create({
        model,
        max_tokens: 99,
        messages: [{ role: 'user', content }],
      });
      return message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    },
    async stream(base, content) {
      const client = new Anthropic(options(base, 0));
      return client.messages
        .stream({ model, max_tokens: 99, messages: [{ role: 'user', content }] })
        .finalText();
    },
  },
  {
    name: 'AI SDK with its OpenAI provider',
    package: 'ai',
    async ask(base, prompt, maxRetries = 0) {
      const provider = createOpenAI(options(`${base}/v1`, 0));
      return (await generateText({ model: provider.chat(model), prompt, maxRetries })).text;
    },
    async stream(base, prompt) {
      const provider = createOpenAI(options(`${base}/v1`, 0));
      let failure: unknown;
      const onError = ({ error }: { readonly error: unknown }) => void (failure = error);
      const { textStream } = streamText({ model: provider.chat(model), prompt, maxRetries: 0, onError });
      let said = '';
      for await (const part of textStream) said += part;
      if (failure !== undefined) throw failure;
      return said;
    },
  },
];

/**
 * The answer or the error that the caller gets. For errors of the AI SDK, the body that it keeps beside the message,
 * too.
 */
async function seen(asked: Promise<string>): Promise<string> {
  return asked.catch((error: unknown) => {
    const body = APICallError.isInstance(error) ? ` ${error.responseBody}` : '';
    return `${String(error)}${body}`;
  });
}

describe('Libraries for language models', () => {
  let gateway: Daemon;
  let worker: RunningWorker;
  const before = new Map<string, readonly [without: string, through: string]>();

  beforeAll(async () => {
    gateway = await startServer('llm');
    worker = await startBehind(gateway);
  });

  it.for(sdks)('$name: answers and streams are as without the Worker', async ({ name, ask, stream }) => {
    const use = async (base: string) => [
      await ask(base, 'good morning'),
      await stream(base, 'and how are you'),
    ];
    const [without, through] = [await use(gateway.url), await use(worker.url)];
    expect(through).toEqual(without);
    expect(without).toEqual(['You said: good morning', 'You said: and how are you']);
    before.set(name, [without.join(' | '), through.join(' | ')]);
  });

  // The AI SDK reads neither of the two headers, so it is left out.
  const heedful = sdks.filter(({ package: name }) => name !== 'ai');

  it.for(heedful)(
    '$name: is asked once where the gateway says that asking again has no sense, and its words stay inside',
    async ({ ask }) => {
      const asked = async () => Number(await (await fetch(`${gateway.url}/asked`)).text());
      const already = await asked();
      expect(await seen(ask(gateway.url, 'overload never', 2))).toContain('acme-7');
      expect(await asked()).toBe(already + 1);
      expect(await seen(ask(worker.url, 'overload never', 2))).not.toContain('acme-7');
      expect(await asked()).toBe(already + 2);
    },
  );

  it.for(heedful)('$name: asks again when the gateway says in Retry-After-Ms', async ({ ask }) => {
    const startedAt = Date.now();
    expect(await seen(ask(worker.url, 'overload later', 2))).toMatch(/The server was unable/);
    // Two pauses of 1.5 seconds. The pauses of Retry-After would be 5 seconds long, and those of the SDK itself 0.5
    // and 1 second.
    const pauses = Date.now() - startedAt;
    expect(pauses).toBeGreaterThan(2900);
    expect(pauses).toBeLessThan(9900);
  });

  it('the gateway frozen: the limit of time ends the request, and the error has the ID', async () => {
    const patient = await startBehind(gateway, { ORIGIN_TIMEOUT_MS: 500 });
    gateway.freeze();
    const [sdk] = sdks;
    const said = await seen(sdk?.ask(patient.url, 'hello') ?? Promise.resolve(''));
    gateway.thaw();
    expect(await recordOfSeen(patient, said)).toMatchObject({ message: 'Origin timed out' });
  });

  it.for(sdks)('$name: the gateway killed: the error has the sentence with the ID', async (sdk, context) => {
    await gateway.kill();
    const dead = await seen(sdk.ask(worker.url, 'good night'));
    expect(dead).toMatch(/The server was unable to complete your request/);
    expect(await recordOfSeen(worker, dead)).toMatchObject({
      message: 'Origin did not answer',
      answer: { format: 'json' },
    });
    const since = recordsOf(worker).length;
    await seen(sdk.stream(worker.url, 'good night'));
    expect(await lastRecord(worker, since)).toMatchObject({ answer: { format: 'json' } });
    const [without = '', through = ''] = before.get(sdk.name) ?? [];
    const version = installedVersion(sdk.package);
    witness(context, {
      software: sdk.name,
      version,
      done: 'an answer, and a stream',
      without,
      through,
      dead,
    });
  });
});
