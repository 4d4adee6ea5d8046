/**
 * Servers that check the request ID they receive: `node id-checks.ts PORT`. Each path follows the rules of one
 * library, named below. It writes the resulting ID to its log, and fails below `/fail`.
 */
import { createHmac, randomUUID } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { text } from 'node:stream/consumers';

const uuid = /^[\da-f]{8}-?[\da-f]{4}-?[\da-f]{4}-?[\da-f]{4}-?[\da-f]{12}$/i;
const uuid4 = /^[\da-f]{8}-?[\da-f]{4}-?4[\da-f]{3}-?[89ab][\da-f]{3}-?[\da-f]{12}$/i;

/** A library's treatment of the header: the resulting ID, or nothing if the library refuses the request. */
type Check = (header: string | undefined) => string | undefined;

const checks: Readonly<Record<string, { readonly header: string; readonly check: Check }>> = {
  // starlette-context, RequestIdPlugin with the default validate=True: it takes any UUID, and answers 400 to anything
  // else.
  // https://starlette-context.readthedocs.io/en/latest/plugins.html
  'starlette-context': {
    header: 'x-request-id',
    check: (id) => (id === undefined ? randomUUID() : uuid.test(id) ? id : undefined),
  },
  // django-guid with GUID_HEADER_NAME 'X-Request-ID' and the default VALIDATE_GUID: it takes any UUID, without its
  // dashes. It replaces anything else by its own ID. https://django-guid.readthedocs.io/en/latest/settings.html
  'django-guid': {
    header: 'x-request-id',
    check: (id) => (id !== undefined && uuid.test(id) ? id : randomUUID()).replaceAll('-', ''),
  },
  // asgi-correlation-id with its defaults before 2026: it takes version 4, and replaces anything else by its own ID.
  // https://github.com/snok/asgi-correlation-id#readme
  'asgi-correlation-id': {
    header: 'x-request-id',
    check: (id) => (id !== undefined && uuid4.test(id) ? id : randomUUID()),
  },
  // asgi-correlation-id with validator=None and header_name='X-Edge-Request-Id'.
  'asgi-correlation-id-without-validator': {
    header: 'x-edge-request-id',
    check: (id) => (id === undefined || id === '' ? randomUUID() : id),
  },
};

/** The secret of the payment provider whose webhooks come to `/webhook`. */
const secret = 'a secret of the tests';

/**
 * A webhook whose signature covers the order, the sender's own request ID, and the time.
 * https://www.mercadopago.com.br/developers/en/docs/your-integrations/notifications/webhooks
 */
function isGenuine({ headers, url = '' }: IncomingMessage): boolean {
  const order = new URL(url, 'http://server').searchParams.get('data.id');
  const [, ts = '', v1 = ''] = /^ts=(\d+),v1=(\w+)$/.exec(String(headers['x-signature'])) ?? [];
  const signed = `id:${order};request-id:${headers['x-request-id']};ts:${ts};`;
  return createHmac('sha256', secret).update(signed).digest('hex') === v1;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  await text(request);
  const [, name = '', action] = (request.url ?? '').split(/[/?]/);
  const send = (status: number, content: object, headers: Record<string, string> = {}) =>
    void response
      .writeHead(status, { 'Content-Type': 'application/json', ...headers })
      .end(JSON.stringify(content));
  if (name === 'webhook') {
    return isGenuine(request) ? send(200, { received: true }) : send(401, { error: 'Bad signature' });
  }
  const { header = '', check } = checks[name] ?? {};
  const sent = request.headers[header];
  const id = check?.(typeof sent === 'string' ? sent : undefined);
  if (id === undefined) return send(400, { error: 'Invalid request ID' });
  console.log(`${name} ${action} id=${id}`);
  if (action === 'fail') return send(500, { error: 'stock-7.internal refused the connection' });
  // The body has only the length of the ID: the ID itself differs from request to request.
  return send(200, { hello: 'shop', length: id.length }, { 'X-Request-ID': id });
}

createServer((request, response) => void answer(request, response)).listen(
  Number(process.argv[2]),
  '127.0.0.1',
);
