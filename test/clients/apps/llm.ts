/**
 * A gateway to a language model that repeats its prompt, in the protocols of OpenAI (chat completions) and Anthropic
 * (messages), whole and as a stream: `node llm.ts PORT`. The prompt "overload" gets a 503 in the words of the
 * provider. `/asked` returns the number of these answers.
 */
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/** The parts of a request that both protocols share. */
interface Told {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages: readonly { readonly content: string | readonly { readonly text: string }[] }[];
}

let overloads = 0;

function wordsOf({ messages }: Told): readonly string[] {
  const content = messages.at(-1)?.content ?? '';
  const said = typeof content === 'string' ? content : content.map((part) => part.text).join('');
  return `You said: ${said}`.split(/(?<= )/);
}

/** Answers by OpenAI's protocol: https://platform.openai.com/docs/api-reference/chat */
function openai(told: Told, response: ServerResponse): void {
  const words = wordsOf(told);
  const of = (object: string, choice: object) => ({
    id: 'chatcmpl-1',
    object,
    created: 1_700_000_000,
    model: told.model,
    choices: [{ index: 0, logprobs: null, ...choice }],
  });
  if (told.stream !== true) {
    const message = { role: 'assistant', content: words.join(''), refusal: null };
    const usage = { prompt_tokens: 1, completion_tokens: words.length, total_tokens: words.length + 1 };
    response.writeHead(200, { 'Content-Type': 'application/json', 'X-Request-Id': 'req_of_the_gateway' });
    response.end(JSON.stringify({ ...of('chat.completion', { message, finish_reason: 'stop' }), usage }));
    return;
  }
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  for (const content of words) {
    const choice = { delta: { role: 'assistant', content }, finish_reason: null };
    response.write(`data: ${JSON.stringify(of('chat.completion.chunk', choice))}\n\n`);
  }
  const end = of('chat.completion.chunk', { delta: {}, finish_reason: 'stop' });
  response.end(`data: ${JSON.stringify(end)}\n\ndata: [DONE]\n\n`);
}

/** Answers by Anthropic's protocol: https://docs.anthropic.com/en/api/messages */
function anthropic(told: Told, response: ServerResponse): void {
  const words = wordsOf(told);
  const usage = { input_tokens: 1, output_tokens: words.length };
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: told.model, usage };
  if (told.stream !== true) {
    const content = [{ type: 'text', text: words.join('') }];
    response.writeHead(200, { 'Content-Type': 'application/json', 'Request-Id': 'req_of_the_gateway' });
    response.end(JSON.stringify({ ...message, content, stop_reason: 'end_turn', stop_sequence: null }));
    return;
  }
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  const send = (event: { readonly type: string }) =>
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  const start = { ...message, content: [], stop_reason: null, stop_sequence: null };
  const events = [
    { type: 'message_start', message: start },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ...words.map((word) => ({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text: word },
    })),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage },
    { type: 'message_stop' },
  ];
  for (const event of events) send(event);
  response.end();
}

/**
 * Answers that the model is overloaded. `never`: its own header forbids a retry. Otherwise its own header asks for a
 * retry after 1.5 s, and the older Retry-After says 5 s.
 */
function overloaded(when: string, response: ServerResponse): void {
  overloads++;
  const word =
    when === 'never' ? { 'X-Should-Retry': 'false' } : { 'Retry-After-Ms': '1500', 'Retry-After': '5' };
  response.writeHead(503, { 'Content-Type': 'application/json', ...word });
  const error = { type: 'overloaded_error', code: null, message: 'tenant acme-7 is over its quota' };
  response.end(JSON.stringify({ type: 'error', error }));
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/asked') return void response.end(String(overloads));
  const told: Told = JSON.parse(await text(request));
  const [, when] = /overload (\w+)$/.exec(wordsOf(told).join('')) ?? [];
  if (when !== undefined) return overloaded(when, response);
  if (request.url === '/v1/chat/completions') return openai(told, response);
  if (request.url === '/v1/messages') return anthropic(told, response);
  response.writeHead(404, { 'Content-Type': 'application/json' }).end('{"error":{"message":"Not here"}}');
}

const server = createServer((request, response) => void answer(request, response));
server.listen(Number(process.argv[2]), '127.0.0.1');
