/**
 * Provokes failures of real software, and writes the messages to `test/unit/corpus/failures.jsonl`, which the tests
 * of src/scrub read: `npx node test/clients/capture/failures.ts`. All secrets and names are made up. Parts that belong to
 * this machine (ports, paths, versions of Node) are replaced. Each text is kept with the cause that has to stay in
 * the log, and the secrets that must not get there.
 */
import { spawn } from 'node:child_process';
import { inspect } from 'node:util';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Client as SearchClient } from '@opensearch-project/opensearch';
import axios from 'axios';
import got from 'got';
import { GraphQLClient } from 'graphql-request';
import ky from 'ky';
import nodeFetch from 'node-fetch';
import { ofetch } from 'ofetch';
import OpenAI from 'openai';
import { createClientAsync } from 'soap';
import superagent from 'superagent';
import { request as undiciRequest } from 'undici';
import { unusedPort } from '../../support/origin.ts';

import { run } from '../support/run.ts';

/** Debian's own Python. Only this one finds Debian's packages. */
const python = '/usr/bin/python3';
/** An address at which nothing listens. */
const dead = `http://127.0.0.1:${await unusedPort()}`;
const withLogin = dead.replace('//', '//shop:grey-otter-41@');

/** Made-up secrets. They must not get into the log, wherever they are in a text. */
const secrets = [
  'grey-otter-41',
  'plum-lantern-77',
  'sk-tests-4Qf9Zk2LmX8vTb6R',
  'ada.lovelace@shop.test',
  '198.51.100.23',
  'kettle-7-red',
];
const [word = '', token = '', key = '', mail = '', address = ''] = secrets;
const headers = { Authorization: `Bearer ${key}`, Cookie: `session=${token}` };
const target = `${dead}/v1/items?access_token=${token}&mail=${encodeURIComponent(mail)}`;

/** A failure, and a pattern for the cause in its text. */
interface Failure {
  readonly from: string;
  readonly fail: () => Promise<unknown>;
  readonly cause: RegExp;
}

const refused =
  /ECONNREFUSED|[Cc]onnection refused|Connect(?:ion)?Exception|Couldn't connect|fetch failed|Connection error/;
/** The text that `console.error` and most loggers write. */
const dumped = (error: unknown) => inspect(error, { depth: 4, breakLength: 120 });
const thrown =
  (action: () => Promise<unknown>, show: (error: unknown) => string = dumped) =>
  () =>
    action().then(
      () => 'It did not fail',
      (error: unknown) => show(error),
    );
const program =
  (...command: [string, ...string[]]) =>
  async () =>
    (await run(command, { env: { LC_ALL: 'C' } })).seen;
const script = (code: string, ...args: readonly string[]) => program(python, '-c', code, ...args);

const database = `
import os, sqlite3
DATABASE_PASSWORD = '${word}'
def connect(user, password, mail): raise ConnectionRefusedError(111, "Connection refused", f"postgresql://{user}:{password}@db.internal:5432/shop")
connect('shop', DATABASE_PASSWORD, '${mail}')
`;
const flask = `
import sys, logging
from flask import Flask
app = Flask('shop')
app.config.update(PROPAGATE_EXCEPTIONS=False)
@app.route('/reset/<token>')
def reset(token): raise KeyError('cart of ${mail}')
from werkzeug.debug import DebuggedApplication
from werkzeug.test import Client
answer = Client(DebuggedApplication(app)).get('/reset?password=${word}', headers={'X-Forwarded-For': '${address}'})
app.test_client().get('/reset/abc?password=${word}')
`;
const django = `
import django
from django.conf import settings
settings.configure(DEBUG=True, SECRET_KEY='${key}', ALLOWED_HOSTS=['*'], ROOT_URLCONF='__main__', DATABASES={})
django.setup()
from django.urls import path
def page(request): raise ZeroDivisionError('division by zero in the cart')
urlpatterns = [path('cart', page)]
from django.test import Client
client = Client(raise_request_exception=False)
client.cookies['sessionid'] = '${token}'
html = client.post('/cart?api_key=${key}', {'password': '${word}', 'mail': '${mail}'}, REMOTE_ADDR='${address}', HTTP_ACCEPT='text/plain', HTTP_X_REQUESTED_WITH='XMLHttpRequest').content.decode()
print(html)
`;
const java = (statement: string) => async () => {
  const folder = await mkdtemp(join(tmpdir(), 'failing-'));
  const file = join(folder, 'Main.java');
  writeFileSync(
    file,
    `public class Main { public static void main(String[] args) throws Exception { ${statement} } }`,
  );
  const { seen } = await run(['java', file]);
  await rm(folder, { recursive: true });
  return seen;
};

const failures: readonly Failure[] = [
  { from: 'Node fetch', fail: thrown(() => fetch(target, { headers })), cause: refused },
  { from: 'undici', fail: thrown(() => undiciRequest(target, { headers })), cause: refused },
  { from: 'node-fetch', fail: thrown(() => nodeFetch(target, { headers })), cause: refused },
  {
    from: 'axios',
    fail: thrown(() => axios.get(target, { headers, auth: { username: 'shop', password: word } })),
    cause: refused,
  },
  {
    from: 'axios, toJSON()',
    fail: thrown(
      () => axios.get(target, { headers }),
      (error) => JSON.stringify(error),
    ),
    cause: refused,
  },
  { from: 'got', fail: thrown(() => got(target, { headers, retry: { limit: 0 } })), cause: refused },
  { from: 'ky', fail: thrown(() => ky(target, { headers, retry: 0 })), cause: refused },
  { from: 'ofetch', fail: thrown(() => ofetch(target, { headers, retry: 0 })), cause: refused },
  {
    from: 'ofetch, message',
    fail: thrown(() => ofetch(target, { headers, retry: 0 }), String),
    cause: /\[GET\]|no response/,
  },
  { from: 'superagent', fail: thrown(() => superagent.get(target)), cause: refused },
  {
    from: 'graphql-request',
    fail: thrown(() =>
      new GraphQLClient(`${target}#shop`, { headers }).request('{ cart }', { password: word }),
    ),
    cause: refused,
  },
  {
    from: 'openai',
    fail: thrown(() => new OpenAI({ apiKey: key, baseURL: dead, maxRetries: 0 }).models.list()),
    cause: refused,
  },
  {
    from: '@anthropic-ai/sdk',
    fail: thrown(() => new Anthropic({ apiKey: key, baseURL: dead, maxRetries: 0 }).models.list()),
    cause: refused,
  },
  {
    from: 'OpenSearch client',
    fail: thrown(() => new SearchClient({ node: withLogin, maxRetries: 0 }).search()),
    cause: refused,
  },
  { from: 'node-soap', fail: thrown(() => createClientAsync(`${target}&wsdl`)), cause: refused },
  {
    from: 'AWS SDK S3',
    fail: thrown(() =>
      new S3Client({
        endpoint: dead,
        region: 'eu-west-1',
        forcePathStyle: true,
        maxAttempts: 1,
        credentials: { accessKeyId: key, secretAccessKey: token },
      }).send(new GetObjectCommand({ Bucket: 'shop', Key: 'images/logo.png' })),
    ),
    cause: refused,
  },
  { from: 'curl', fail: program('curl', '-sS', '-u', `shop:${word}`, target), cause: /Failed to connect.*/ },
  {
    from: 'curl -v',
    fail: program('curl', '-sv', '-u', `shop:${word}`, target),
    cause: /connect to .* failed: Connection refused/,
  },
  {
    from: 'wget',
    fail: program('wget', '-O-', '--tries=1', `${withLogin}/export.csv?token=${token}`),
    cause: /failed: Connection refused/,
  },
  { from: 'git', fail: program('git', 'ls-remote', `${withLogin}/shop.git`), cause: /unable to access/ },
  {
    from: 'Python urllib',
    fail: script('import sys, urllib.request; urllib.request.urlopen(sys.argv[1])', target),
    cause: /urlopen error \[Errno 111\] Connection refused/,
  },
  {
    from: 'Python requests',
    fail: script('import sys, requests; requests.get(sys.argv[1])', target),
    cause: /Failed to establish a new connection: \[Errno 111\] Connection refused/,
  },
  {
    from: 'Python, a database',
    fail: script(database),
    cause: /ConnectionRefusedError: \[Errno 111\] Connection refused/,
  },
  { from: 'Flask', fail: script(flask), cause: /KeyError: 'cart of/ },
  { from: 'Django, DEBUG', fail: script(django), cause: /division by zero in the cart/ },
  {
    from: 'Java HttpURLConnection',
    fail: java(`new java.net.URL("${target}").openStream();`),
    cause: refused,
  },
  {
    from: 'Java HttpClient',
    fail: java(
      `java.net.http.HttpClient.newHttpClient().send(java.net.http.HttpRequest.newBuilder(java.net.URI.create("${target}")).build(), java.net.http.HttpResponse.BodyHandlers.ofString());`,
    ),
    cause: refused,
  },
  {
    from: 'Java DriverManager',
    fail: java(
      `java.sql.DriverManager.getConnection("jdbc:postgresql://db.internal/shop?user=shop&password=${word}");`,
    ),
    cause: /No suitable driver found for jdbc:postgresql:\/\/db\.internal\/shop/,
  },
  {
    from: 'Java URI',
    fail: java(`new java.net.URI("redis://:${word}@cache internal:6379");`),
    cause: /URISyntaxException: Illegal character in authority/,
  },
];

/** The answer of a server of apps/ when it fails. */
const served = (app: string, path: string, init: RequestInit) => async () => {
  const port = await unusedPort();
  const server = spawn(process.execPath, [join(import.meta.dirname, `../apps/${app}.ts`), String(port)]);
  for (let time = 0; ; time++) {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, init).catch(() => undefined);
    if (answer === undefined && time < 100) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      continue;
    }
    const said = await answer?.text();
    server.kill();
    return said;
  }
};
const post = (type: string, body: string) => ({ method: 'POST', headers: { 'Content-Type': type }, body });
const order = (tea: string) =>
  `<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body><Order xmlns="urn:shop"><tea>${tea}</tea></Order></Body></Envelope>`;
const overload = { model: 'parrot', messages: [{ content: 'overload never' }] };

const answers: readonly Failure[] = [
  { from: 'Express', fail: served('express', '/throws', {}), cause: /connect ECONNREFUSED/ },
  { from: 'Express, JSON', fail: served('express', '/throws/handled', {}), cause: /connect ECONNREFUSED/ },
  {
    from: 'Express, a body that is no JSON',
    fail: served('express', '/api/order', post('application/json', `{"password": "${word}" oops`)),
    cause: /SyntaxError: Expected .* after property value in JSON at position \d+/,
  },
  {
    from: 'node-soap, a fault',
    fail: served('soap', '/shop', post('text/xml', order('coffee'))),
    cause: /This is no coffee shop/,
  },
  {
    from: 'a gateway to a language model',
    fail: served('llm', '/v1/messages', post('application/json', JSON.stringify(overload))),
    cause: /"message":"tenant acme-7 is over its quota"/,
  },
  {
    from: 'a search engine',
    fail: served('search', '/', post('application/json', '{"query":{"match":{"name":"nothing"}}}')),
    cause: /shard 2 on node search-3\.internal is not available/,
  },
];

const tidied = (text: string) =>
  text
    .replaceAll(new URL(dead).port, '8080')
    .replaceAll(join(import.meta.dirname, '../../..'), '/srv/shop')
    .replace(/\/(?:tmp|root|work)\/[\w./-]+/g, '/srv/tmp')
    .replace(/v24\.\d+\.\d+|[Nn]ode\/24\.\d+\.\d+/g, 'v24')
    .slice(0, 6000);

const lines: string[] = [];
for (const { from, fail, cause } of [...failures, ...answers]) {
  const text = tidied(String(await fail()));
  const stays = cause.exec(text)?.[0];
  if (stays === undefined) {
    console.warn(`${from} does not say why it failed: ${text.slice(0, 300)}`);
    continue;
  }
  const secret = secrets
    .flatMap((value) => [value, encodeURIComponent(value), Buffer.from(`shop:${value}`).toString('base64')])
    .filter((value) => text.includes(value));
  lines.push(JSON.stringify({ from, text, stays: [stays], secret: [...new Set(secret)] }));
}
writeFileSync(join(import.meta.dirname, '../../unit/corpus/failures.jsonl'), `${lines.join('\n')}\n`);
console.log(`${lines.length} failures`);
process.exit();
